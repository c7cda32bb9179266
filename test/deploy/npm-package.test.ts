import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findFreePort } from '../../src/sandbox/free-port.ts';
import { makeGuardedFolder, startGuarded } from '../../src/sandbox/guarded.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { eventually } from '../eventually.ts';

const run = promisify(execFile);
/** It packs and installs everything, which takes long where others work too. */
const INSTALL_WITHIN_MS = 300_000;

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
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder.path]);
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[')));
    const names: string[] = packed.files.map(({ path }: { path: string }) => path);
    expect(names).toEqual(
      expect.arrayContaining(['dist/src/main.js', 'dist/src/redis/quiet-once.lua', 'README.md']),
    );
    expect(names.filter((name) => /sandbox|\.ts$|^test|^bench/.test(name))).toEqual([]);

    await writeFile(join(folder.path, 'package.json'), '{"private":true}');
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
    await run('npm', ['install', ...flags, join(folder.path, packed.filename)], { cwd: folder.path });

    const sandbox = stack.use(await startSandbox());
    // As `npx poison-control` finds it, and with the Node that its first line asks for.
    const program = join(folder.path, 'node_modules', '.bin', 'poison-control');
    const port = await findFreePort();
    const env = {
      PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      SLACK_API_URL: sandbox.apiUrl,
      SLACK_BOT_TOKEN: sandbox.botToken,
      SLACK_APP_TOKEN: sandbox.appToken,
      SIDEKIQ_REDIS_URL: 'redis://127.0.0.1:1/0',
      HTTP_PORT: String(port),
    };
    const bot = await startGuarded(program, [], {
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
    process.kill(bot.pid, 'SIGTERM');
    expect(await bot.exited).toEqual({ code: 0, signal: null });

    const tool = (...words: string[]) =>
      run(program, words, { cwd: folder.path, env }).then(
        (told) => ({ code: 0, text: told.stdout }),
        (error) => ({ code: error.code, text: `${error.stdout}${error.stderr}` }),
      );
    expect(await tool('audit:verify')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^ok \d+ records/),
    });
    expect(await tool('doctor')).toMatchObject({ code: 1, text: expect.stringContaining('did not answer') });
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
