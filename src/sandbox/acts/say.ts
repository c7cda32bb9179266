import { randomUUID } from 'node:crypto';
import type { Outcome, Say } from '../page/api.ts';
import { appMention, slashCommand } from '../payloads.ts';
import { speak } from '../speak.ts';
import type { Workspace } from '../workspace.ts';
import { findChannel, findPerson, type WorldChannel, type WorldPerson } from '../world.ts';
import { DONE, failureOf, problem } from './problem.ts';

/** Slack's client takes about this much in one message. */
const TYPED_MAX = 12_000;

/** A line typed into a channel: a slash command goes to the bot, anything else is a message. */
export async function say(workspace: Workspace, { as, channel: id, text, threadTs }: Say): Promise<Outcome> {
  const { world, messages, deliveries, installation, clock } = workspace;
  const person = findPerson(world, as);
  const channel = findChannel(world, id);
  if (person === undefined) return problem(`There is nobody called ${as} here.`);
  if (channel === undefined || !channel.members.includes(as)) {
    return problem(`${person.name} is not in that channel.`);
  }
  const line = text.trim();
  if (line === '') return problem('There is nothing to send.');
  if (line.length > TYPED_MAX) return problem(`A message holds at most ${TYPED_MAX} characters.`);
  if (line.startsWith('/')) {
    const [command = ''] = line.split(/\s/, 1);
    if (!installation.commands.includes(command)) {
      messages.sayAsSlack(id, as, `${command} is not a valid command.`, threadTs);
    } else if (threadTs !== undefined) {
      messages.sayAsSlack(id, as, `${command} is not supported in threads. Sorry!`, threadTs);
    } else {
      await sendCommand(workspace, person, channel, command, line.slice(command.length).trim());
    }
    return DONE;
  }
  if (threadTs !== undefined && messages.find(id, threadTs) === undefined) {
    return problem('That thread is gone.');
  }
  const posted = messages.post({ channel: id, from: as, text: line, threadTs });
  if (channel.hasBot && line.includes(`<@${world.bot.userId}>`)) {
    const occurrence = { eventId: `Ev${randomUUID()}`, atMs: clock.nowMs() };
    await deliveries.deliver('events_api', appMention(world, person, occurrence, posted), as);
  }
  return DONE;
}

async function sendCommand(
  workspace: Workspace,
  person: WorldPerson,
  channel: WorldChannel,
  command: string,
  text: string,
): Promise<void> {
  const { world, messages, deliveries, responseUrls, triggers, origin } = workspace;
  const url = responseUrls.issue(channel.id, person.id);
  const payload = slashCommand(world, person, {
    command,
    text,
    channel,
    responseUrl: `${origin}/response/${url.key}`,
    triggerId: triggers.issue(person.id),
  });
  const reply = await deliveries.deliver('slash_commands', payload, person.id);
  const failure = failureOf(reply);
  if (failure !== undefined) messages.sayAsSlack(channel.id, person.id, `${command} ${failure}`);
  if (reply.status !== 'acknowledged') return;
  // The acknowledgement may carry the first answer; an empty one carries none.
  const answer = typeof reply.payload === 'string' ? { text: reply.payload } : (reply.payload ?? {});
  const refusal = speak(workspace, url, answer);
  if (refusal !== undefined && refusal.error !== 'no_text') {
    messages.sayAsSlack(channel.id, person.id, `${command} failed with the error "${refusal.error}".`);
  }
}
