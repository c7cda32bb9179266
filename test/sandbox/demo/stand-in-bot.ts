import bolt from '@slack/bolt';

/** The least that is a bot: it connects as ours does, and answers one command. */
const app = new bolt.App({
  token: process.env['SLACK_BOT_TOKEN'] ?? '',
  appToken: process.env['SLACK_APP_TOKEN'] ?? '',
  socketMode: true,
  clientOptions: { slackApiUrl: process.env['SLACK_API_URL'] ?? '' },
});
app.command('/sidekiq', async ({ ack }) => ack(`settings in ${process.env['POISON_CONTROL_CONFIG']}`));
await app.start();
process.on('SIGTERM', () => process.exit(0));
