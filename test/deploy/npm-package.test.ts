import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { makeGuardedFolder, startGuarded } from '../../src/sandbox/guarded.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { commandsRunBy } from '../docs/inventory.ts';
import { eventually } from '../eventually.ts';
import { descendantsOf } from '../sandbox/demo/demo-process.ts';

const run = promisify(execFile);
/** It packs and installs everything, which takes long where others work too. */
const INSTALL_WITHIN_MS = 300_000;

/** The guide's command that begins so, in words. */
function documented(begin: string): readonly string[] {
  const found = commandsRunBy('test/deploy/npm-package.test.ts').find((command) => command.startsWith(begin));
  if (found === undefined) throw new Error(`no page says ${begin}`);
  return found.split(' ');
}

test('secrets that compose reads from deploy/secrets are neither committed nor packed', async () => {
  const folder = await makeGuardedFolder('poison-control-secrets');
  try {
    await cp('deploy', join(folder.path, 'deploy'), { recursive: true });
    await mkdir(join(folder.path, 'deploy', 'secrets'), { recursive: true });
    await writeFile(join(folder.path, 'deploy', 'secrets', 'audit_key'), 'hunter2');
    await cp('package.json', join(folder.path, 'package.json'));
    // Without .gitignore, so that the package's own list is what keeps them out.
    const packed = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: folder.path,
    });
    const [{ files }] = JSON.parse(packed.stdout);
    const deployed = files
      .map(({ path }: { path: string }) => path)
      .filter((path: string) => path.startsWith('deploy'));
    expect(deployed.toSorted()).toEqual([
      'deploy/compose.yml',
      'deploy/kubernetes.yml',
      'deploy/poison-control.service',
    ]);

    await cp('.gitignore', join(folder.path, '.gitignore'));
    await run('git', ['init', '--quiet'], { cwd: folder.path });
    await run('git', ['add', '--all'], { cwd: folder.path });
    const { stdout: committed } = await run('git', ['ls-files'], { cwd: folder.path });
    expect(committed).toContain('deploy/compose.yml');
    expect(committed).not.toContain('audit_key');
  } finally {
    await folder.remove();
  }
});

test(
  'the npm package installs into an empty folder and starts there; its tools run by the same name',
  async () => {
    await using stack = new AsyncDisposableStack();
    const folder = await makeGuardedFolder('poison-control-package');
    stack.defer(() => folder.remove());
    const [npm = '', ...pack] = documented('npm pack');
    const { stdout } = await run(npm, [...pack, '--json', '--pack-destination', folder.path]);
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[')));
    // `npm pack` has run it first: without it there would be nothing in dist/.
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(scripts.prepack).toBe(documented('script/build').join(' '));
    const names: string[] = packed.files.map(({ path }: { path: string }) => path);
    expect(names).toEqual(
      expect.arrayContaining(['dist/src/main.js', 'dist/src/redis/quiet-once.lua', 'README.md']),
    );
    expect(names.filter((name) => /sandbox|\.ts$|^test|^bench/.test(name))).toEqual([]);

    const installing = { ...process.env, npm_config_prefer_offline: 'true' };
    const [, ...install] = documented('npm install');
    await run(npm, install, { cwd: folder.path, env: installing });

    const sandbox = stack.use(await startSandbox());
    const [npx = '', ...words] = documented('npx poison-control');
    expect(words).toEqual(['poison-control']);
    const port = await findFreePort();
    const env = {
      HOME: process.env['HOME'] ?? '',
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      ...sandbox.env,
      SIDEKIQ_REDIS_URL: 'redis://127.0.0.1:1/0',
      HTTP_PORT: String(port),
    };
    const bot = await startGuarded(npx, words, {
      cwd: folder.path,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    stack.defer(async () => {
      await bot.kill();
    });
    let output = '';
    for (const stream of [bot.child.stdout, bot.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    await eventually(() => output.includes('Poison Control is running')).catch(() => {
      throw new Error(output);
    });
    const { people } = sandbox;
    await people.say({ as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq help' });
    await people.waitForMessage('U0ANN', ({ text }) => text.includes('backlog'));
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain(`version="${version}"`);
    // The bot itself, behind npx and its shell.
    const program = descendantsOf(bot.pid).at(-1);
    process.kill(program?.pid ?? bot.pid, 'SIGTERM');
    expect(await bot.exited).toEqual({ code: 0, signal: null });

    const tool = (...more: string[]) =>
      run(npx, [...words, ...more], { cwd: folder.path, env }).then(
        (told) => ({ code: 0, text: told.stdout }),
        (error) => ({ code: error.code, text: `${error.stdout}${error.stderr}` }),
      );
    expect(await tool('audit:verify')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^ok \d+ records/),
    });
    const [, , ...doctor] = documented('npx poison-control doctor');
    expect(await tool(...doctor)).toMatchObject({ code: 1, text: expect.stringContaining('did not answer') });
    expect(await tool('sidekiq', 'help')).toMatchObject({
      code: 0,
      text: expect.stringContaining('backlog'),
    });
    expect(await tool('nonsense')).toMatchObject({
      code: 2,
      text: expect.stringContaining('doctor, sidekiq'),
    });
  },
  INSTALL_WITHIN_MS,
);
