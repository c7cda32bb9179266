import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { makeGuardedFolder, startGuarded } from '../../src/sandbox/guarded.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { healthcheck, imageProgram } from './image.ts';

const run = promisify(execFile);
const NODE_USER = 1000;

/** Only root may make mounts of its own, and not in every container; .github/workflows/ci.yml runs this file as root. */
const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

test.runIf(canMount)(
  'what the Dockerfile makes answers as nobody special, with nothing to write but /data',
  async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await makeGuardedFolder('poison-control-image');
    stack.defer(() => folder.remove());
    const sandbox = stack.use(await startSandbox());
    const port = String(await findFreePort());
    const settings = {
      ...sandbox.env,
      SIDEKIQ_REDIS_URL: 'redis://127.0.0.1:1/0',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: port,
      NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
    };
    const bot = await startGuarded(
      'unshare',
      [
        '--mount',
        '--propagation=private',
        'sh',
        '-c',
        imageProgram,
        'sh',
        folder.path,
        ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    stack.defer(async () => {
      await bot.kill();
    });
    let output = '';
    for (const stream of [bot.child.stdout, bot.child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    const early = bot.exited.then(({ code }) => {
      throw new Error(`It ended with ${code}: ${withoutCache(output)}`);
    });
    await Promise.race([sandbox.waitForBot(50_000), early]);
    early.catch(() => {});

    const { people } = sandbox;
    await people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq help' });
    await people.waitForMessage('U0ANN', ({ text }) => text.includes('backlog'));
    const status = readFileSync(`/proc/${bot.pid}/status`, 'utf8');
    expect(status).toMatch(new RegExp(`^Uid:(\\s${NODE_USER}){4}$`, 'm'));
    expect(status).toMatch(/^CapEff:\s0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s1$/m);
    expect(readFileSync(`/proc/${bot.pid}/mountinfo`, 'utf8')).toMatch(
      /^\S+ \S+ \S+ \/ \/ ro\S* - overlay /m,
    );
    // What was compiled when the image was made is what it runs.
    expect(output).toMatch(/cache for \S+ \S*\/app\/src\/app\.ts was accepted/);
    const [, ...args] = healthcheck;
    await run(process.execPath, args, { env: { HTTP_PORT: port } });

    process.kill(bot.pid, 'SIGTERM');
    expect(await bot.exited).toEqual({ code: 0, signal: null });
  },
);

function withoutCache(output: string): string {
  return output.replaceAll(/^\[compile cache\].*\n/gm, '');
}
