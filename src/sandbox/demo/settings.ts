/** What the bot of the demo is told, exactly as somebody would tell it who installs it. */
export type BotSettings = {
  readonly redisUrl: string;
  readonly slackApiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  /** A private folder for its settings file and its store. */
  readonly folder: string;
};

/** The settings file. JSON is YAML too, and needs no writer of ours. */
export function configText({ redisUrl }: BotSettings): string {
  const settings = {
    sidekiqs: {
      payroll: {
        redis: redisUrl,
        poll: '5s',
        queues: { payroll: { latency_target: '30s' }, mailers: { latency_target: '2m' } },
        classes: {
          'Recurring::DisasterJob': {
            recurring: true,
            owner: '@payroll-platform',
            note: 'safe to purge, re-enqueued nightly',
          },
          PayrollRunJob: { protect: true, note: 'pays people' },
        },
      },
    },
    approvals: { requesters: ['S0ONCALL'], approvers: ['S0LEADS'], required: 1 },
    alerts: { channel: 'C0ALERTS' },
    audit: { channel: 'C0AUDIT' },
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/** Where the settings file and the store are. */
export function pathsIn(folder: string): { readonly config: string; readonly store: string } {
  return { config: `${folder}/poison-control.yml`, store: `${folder}/poison-control.sqlite` };
}

/** The bot's environment: what any program needs of ours, and nothing that a developer may have set for a real bot. */
export function environmentFor(
  settings: BotSettings,
  own: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
    const value = own[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const { config, store } = pathsIn(settings.folder);
  return {
    ...Object.fromEntries(kept),
    SLACK_API_URL: settings.slackApiUrl,
    SLACK_BOT_TOKEN: settings.botToken,
    SLACK_APP_TOKEN: settings.appToken,
    POISON_CONTROL_CONFIG: config,
    DATABASE_URL: `sqlite:${store}`,
    // Any free one: the demo must not collide with a bot that already runs here.
    HTTP_PORT: '0',
    LOG_LEVEL: 'warn',
    // Nothing of a demo stays, and what the bot would keep compiled beside the program is of no use to its next start.
    NODE_DISABLE_COMPILE_CACHE: '1',
  };
}
