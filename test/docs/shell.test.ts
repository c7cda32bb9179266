import { expect, test } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { formatHead } from '../../src/core/audit/record.ts';
import { openStore } from '../../src/store/open.ts';
import { startBotProcess } from '../bot-process.ts';
import { commandsRunBy, standsInARunBlock } from './inventory.ts';
import { blockOf, blocksOf } from './pages.ts';
import { makePast } from './past.ts';
import { openStage, runs, shell } from './stage.ts';

/** Every command for a shell that a page holds is run as it stands there, in blocks and in the middle of a line. */

const IN_LINES = commandsRunBy('test/docs/shell.test.ts');

test('every line of a block for a shell runs, beside the running bot', async () => {
  await using stage = await openStage();
  await using bot = await startBotProcess(stage.env);
  await bot.runs();
  // The same line on two pages is run once.
  const lines = new Set(blocksOf('sh').flatMap((block) => block.lines));
  expect(lines.size).toBeGreaterThan(9);
  for (const line of lines) await runs(line, stage.env);
}, 240_000);

test('every command for a shell in the middle of a line runs, with a name in each place that the page leaves open', async () => {
  await using stage = await openStage();
  await using bot = await startBotProcess(stage.env);
  await bot.runs();
  const { purged } = await makePast(stage);
  await using store = await openStore(stage.env.DATABASE_URL, { isReadOnly: true });
  const names: Readonly<Record<string, string>> = {
    ACTION: purged,
    'COUNT:HASH': formatHead(await store.auditHead()),
    FILE: '"$BACKUPS/copy.sqlite"',
  };
  const said = new Map<string, string>();
  // The test before this one has run what stands in a block as well.
  const left = IN_LINES.filter(
    (one) => !isMention(one) && !one.includes('COMMAND') && !standsInARunBlock(one),
  );
  for (const command of left) {
    const line = command.replaceAll(/COUNT:HASH|\b[A-Z]+\b/g, (word) => names[word] ?? word);
    said.set(command, await runs(line, stage.env));
  }
  expect(said.get('npm run -s archive:export -- ACTION')).toContain('Recurring::DisasterJob');
  expect(said.get('npm run -s audit:verify -- --expect COUNT:HASH')).toMatch(/^ok \d+ records/);
  expect(JSON.parse(said.get('npm run -s sidekiq -- health --json') ?? '')).toMatchObject({
    sidekiq: 'payroll',
  });
}, 120_000);

test('whatever looks prints one JSON document where a program asks for it', async () => {
  await using stage = await openStage();
  const [command = ''] = IN_LINES.filter((one) => one.includes('COMMAND'));
  const looking = COMMANDS.map(({ usage }) => usage.split(' '))
    .filter(([, word]) => !/^[A-Z]/.test(word ?? ''))
    .map(([name = '']) => name);
  expect(looking).toEqual(expect.arrayContaining(['health', 'backlog', 'suspects', 'migrate', 'report']));
  await Promise.all(
    looking.map(async (name) => {
      const { stdout } = await shell(command.replace('COMMAND', name), stage.env);
      expect(stdout, name).toMatch(/^\{[\s\S]*\}\n$/);
      expect(() => JSON.parse(stdout), name).not.toThrow();
    }),
  );
}, 120_000);

test('a refusal prints what the page shows', async () => {
  await using stage = await openStage();
  const { refusal: shown } = JSON.parse(blockOf('json').text);
  const { code, stdout } = await shell('npm run -s sidekiq -- backlog defualt --json', stage.env);
  expect(code).toBe(1);
  const { refusal } = JSON.parse(stdout);
  expect(refusal).toEqual({ ...shown, remedy: expect.any(String) });
  expect(refusal.remedy).toContain(shown.remedy.replace(' …', ''));
});

test('a command that a page only mentions is run elsewhere in the pages with what it needs', () => {
  const lines = [...IN_LINES, ...blocksOf('sh').flatMap((block) => block.lines)];
  for (const mention of IN_LINES.filter(isMention)) {
    expect(
      lines.some((line) => line.startsWith(`${mention} -- `)),
      mention,
    ).toBe(true);
  }
});

/** `archive:export` and `store:backup` can do nothing without a name. */
function isMention(command: string): boolean {
  return /^npm run -s (?:archive:export|store:backup)$/.test(command);
}
