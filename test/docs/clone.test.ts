import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeGuardedFolder, startGuarded } from '../../src/sandbox/guarded.ts';
import { eventually } from '../eventually.ts';
import { typeDemo } from '../sandbox/demo/demo-process.ts';
import { blockOf } from './pages.ts';
import { pageAt } from './sandbox-page.ts';
import { openStage } from './stage.ts';

/** The README from its first command on, in a clone of what is in this checkout now. */

const run = promisify(execFile);
/** Packages are installed once, which takes long where others work too. */
const WITHIN_MS = 400_000;
const CHANNEL = 'C0PAYROLL';

test(
  'a fresh clone plays the demo, whose purge a second person approves, and starts for real as the README says',
  async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await makeGuardedFolder('poison-control-clone');
    stack.defer(() => folder.remove());
    const clone = `${folder.path}/poison-control`;
    const source = await commitOf(folder.path);

    const demo = stack.use(
      await typeDemo(blockOf('sh-demo').text.replace('<this repository>', source), {
        cwd: folder.path,
        // What npm itself keeps compiled is none of the demo's.
        env: { npm_config_prefer_offline: 'true', NODE_DISABLE_COMPILE_CACHE: '1' },
      }),
    );
    const url = await demo.address(WITHIN_MS);
    await approvePurge(url);
    const children = demo.descendants();
    demo.pressCtrlC();
    expect(await demo.exited).toEqual({ code: 0, signal: null });
    await demo.leavesNothing(children);
    expect(await leftIn(clone)).toBe('!! node_modules/\n');

    await startForReal(clone);
  },
  WITHIN_MS,
);

/** A repository of this checkout as it is now, whether or not it was committed. */
async function commitOf(folder: string): Promise<string> {
  const source = `${folder}/source`;
  await run('git', ['init', '--quiet', source]);
  const git = (...words: string[]) => run('git', [`--git-dir=${source}/.git`, '--work-tree=.', ...words]);
  await git('add', '--all');
  const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  await git(...author, 'commit', '--quiet', '--no-verify', '--message=as it is');
  return source;
}

async function leftIn(clone: string): Promise<string> {
  return (await run('git', ['status', '--porcelain', '--ignored'], { cwd: clone })).stdout;
}

async function approvePurge(url: string): Promise<void> {
  const page = pageAt(url);
  const say = (text: string) => page.post('say', { as: 'U0ANN', channel: CHANNEL, text });
  await say('/sidekiq health');
  await page.message('U0ANN', /^🔴 payroll: incident/);
  await say('/sidekiq purge Recurring::DisasterJob');
  const { modals } = await page.seenBy('U0ANN', (state) => state.modals.length > 0);
  const values = { reason: { value: 'it kills every worker' } };
  await page.post('submit', { as: 'U0ANN', viewId: modals[0]?.id, values });
  const asked = await page.message('U0BEN', /asks to purge[\s\S]*waits for approval/);
  await page.press('U0BEN', asked, 'Approve');
  await page.message('U0BEN', /asks to purge[\s\S]*jobs? (?:was|were) archived|(\d+) of \1 done/);
}

async function startForReal(clone: string): Promise<void> {
  await using stage = await openStage();
  const { POISON_CONTROL_CONFIG: _, DATABASE_URL: __, ...env } = stage.env;
  const text = blockOf('sh-start')
    .text.replace('xoxb-…', env['SLACK_BOT_TOKEN'] ?? '')
    .replace('xapp-…', env['SLACK_APP_TOKEN'] ?? '')
    .replace('redis://…', stage.redisUrl);
  expect(text).not.toContain('…');
  const bot = await startGuarded('bash', ['-euo', 'pipefail', '-c', text], {
    cwd: clone,
    env: { ...env, HTTP_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [bot.child.stdout, bot.child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  try {
    await eventually(() => output.includes('Poison Control is running')).catch(() => {
      throw new Error(output);
    });
    const { people } = stage.sandbox;
    await people.say({ as: 'U0ANN', channel: CHANNEL, text: '/sidekiq health' });
    await people.waitForMessage(
      'U0ANN',
      ({ isEphemeral, text: said }) => isEphemeral && said.includes('default'),
    );
    // Ctrl-C: everything in the foreground hears it.
    process.kill(-bot.pid, 'SIGINT');
    expect(await bot.exited, output).toEqual({ code: 0, signal: null });
  } finally {
    await bot.kill();
  }
}
