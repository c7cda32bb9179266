import { expect, test } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import type { Message } from '../../src/sandbox/page/api.ts';
import { startBotProcess } from '../bot-process.ts';
import { eventually } from '../eventually.ts';
import { commandsRunBy } from './inventory.ts';
import { blocksOf } from './pages.ts';
import { makePast, type Past } from './past.ts';
import { CHANNEL, openStage, STRANDED, type Stage } from './stage.ts';

/** Every command for Slack that a page holds is typed into the sandbox, and the bot must do with it what the page promises. */

const COMMANDS_IN_LINES = commandsRunBy('test/docs/slack.test.ts');

test('every command for Slack that stands in a page is answered, or proposed to a second person', async () => {
  await using stage = await openStage();
  await using bot = await startBotProcess(stage.env);
  await bot.runs();
  const past = await makePast(stage);
  const typed = [
    ...blocksOf('slack').flatMap(({ lines }) => lines),
    ...COMMANDS_IN_LINES.filter((command) => !isMention(command)).flatMap(spelledOut),
  ].map((command) => filled(command, past));
  expect(typed.length).toBeGreaterThan(40);
  for (const command of new Set(typed)) await expectUnderstood(stage, command);
}, 240_000);

test('a command that a page only mentions is one', () => {
  const mentions = COMMANDS_IN_LINES.filter(isMention);
  expect(mentions.length).toBeGreaterThan(0);
  for (const mention of mentions) expect(COMMANDS.map(({ name }) => `/sidekiq ${name}`)).toContain(mention);
});

/** `/sidekiq restore`, where nobody could type it without the name of an action. */
function isMention(command: string): boolean {
  const [, name, ...words] = command.split(' ');
  const usage = COMMANDS.find((one) => one.name === name)?.usage.split(' ')[1] ?? '';
  return words.length === 0 && /^[A-Z]+$/.test(usage) && name !== 'purge';
}

/** Without what may be left out, and with all of it. */
function spelledOut(command: string): readonly string[] {
  const optional = /\s*\[([^\]]+)\]…?/g;
  return [command.replaceAll(optional, ''), command.replaceAll(optional, ' $1')];
}

/** With the names of this sidekiq in the place of those that a page leaves open. */
function filled(command: string, { purged, rescued }: Past): string {
  const isOfRescue = /migrate (?:rescued|undo)/.test(command);
  const names: Readonly<Record<string, string>> = {
    ACTION: isOfRescue ? rescued : purged,
    CLASS: 'TaxFilingJob',
    KEY: `'${STRANDED}'`,
    N: '10',
    NAME: command.includes('--queue') ? 'default' : 'payroll',
    PROCESS: 'new-1',
    QUEUE: 'default',
    TEXT: '"it hinders the migration"',
    WINDOW: '30m',
  };
  return command.replaceAll(/\b[A-Z]+\b/g, (word) => names[word] ?? word);
}

/** Nothing has crashed here, so that no class was in flight at a crash; that is the true answer. */
const TRUE_REFUSAL = /was in flight at none of the crashes/;

const isRefusal = ({ blocks, text }: Message) =>
  JSON.stringify(blocks).includes('ℹ️') && !TRUE_REFUSAL.test(text);

/** What the pages say of it: that it proposes, and what is proposed stands in the channel. */
const PROPOSES = /^\/sidekiq (?:purge(?!.*--plan)|restore|writeoff|quiet|migrate (?:rescue|quiet|undo)\b)/;

async function expectUnderstood({ sandbox: { people } }: Stage, command: string): Promise<void> {
  const seen = () => people.messagesSeenBy('U0ANN', CHANNEL);
  const told = () => seen().filter(({ isEphemeral }) => isEphemeral);
  const proposals = () =>
    seen().filter(({ isEphemeral, text }) => !isEphemeral && text.includes('waits for approval'));
  const before = told().length;
  const isAnswered = () => told().length > before;
  // A window asks for the reason that was left out.
  const isProposed = () => people.modalsOf('U0ANN').length > 0 || (isAnswered() && proposals().length > 0);
  await people.say({ as: 'U0ANN', channel: CHANNEL, text: command });
  await eventually(() => isAnswered() || isProposed());
  const refused = told().slice(before).filter(isRefusal);
  expect(
    refused.map(({ text }) => text),
    command,
  ).toEqual([]);
  if (PROPOSES.test(command)) await eventually(isProposed);
  // The next one is asked for as if this one had never been.
  const window = people.modalsOf('U0ANN').at(-1);
  if (window !== undefined) await people.close({ as: 'U0ANN', viewId: window.id });
  for (const proposal of proposals()) await people.pressButton('U0ANN', proposal, 'Cancel');
  await eventually(() => proposals().length === 0);
}
