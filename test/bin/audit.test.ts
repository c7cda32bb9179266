import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatHead } from '../../src/core/audit/record.ts';
import { verifyChain } from '../../src/core/audit/verify.ts';
import { openStore } from '../../src/store/open.ts';
import { entryNumber, stored } from '../core/audit/chain.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poison-control-audit-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs an npm script as an operator does. */
async function npm(script: string, env: Record<string, string>, ...args: string[]) {
  const child = spawn('npm', ['run', '-s', script, '--', ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

test('the log is verified and exported beside the running bot, and a forgery is named', async () => {
  const path = join(folder, 'store.sqlite');
  const env = { DATABASE_URL: `sqlite:${path}` };
  await using bot = await openStore(env.DATABASE_URL);
  await bot.transact((tx) => tx.append(Array.from({ length: 1500 }, (_, index) => entryNumber(index))));
  const head = await bot.auditHead();
  expect(await npm('audit:verify', env)).toMatchObject({
    code: 0,
    stdout: `ok 1500 records head ${head.hash}\n`,
    stderr: '',
  });
  const exported = await npm('audit:export', env);
  const lines = exported.stdout.trimEnd().split('\n');
  expect(await verifyChain(stored(lines))).toMatchObject({ type: 'sound', head });

  const published = formatHead(head);
  expect(await npm('audit:verify', env, '--expect', published)).toMatchObject({ code: 0 });
  const database = new DatabaseSync(path);
  database.exec('delete from audit_records where number = 1500');
  expect(await npm('audit:verify', env)).toMatchObject({ code: 0 });
  const cut = await npm('audit:verify', env, '--expect', published);
  expect(cut).toMatchObject({ code: 1, stdout: expect.stringMatching(/^bad record 1500: cut\. /) });
  database.exec(
    "update audit_records set line = replace(line, 'agrees, 700', 'agrees, 701') where number = 701",
  );
  database.close();
  const forged = await npm('audit:verify', env);
  expect(forged).toMatchObject({ code: 1, stdout: expect.stringMatching(/^bad record 701: changed\. /) });
});

test('what cannot be checked is said, with exit code 2 and without the password', async () => {
  const missing = await npm('audit:verify', { DATABASE_URL: `sqlite:${join(folder, 'none.sqlite')}` });
  expect(missing).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('no store') });
  const wrong = await npm('audit:export', { DATABASE_URL: 'mysql://root:hunter2@localhost/x' });
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).not.toContain('hunter2');
  const gone = await npm('audit:verify', { DATABASE_URL: 'postgres://root:hunter2@127.0.0.1:1/x' });
  expect(gone).toMatchObject({ code: 2, stdout: '' });
  expect(gone.stderr).not.toContain('hunter2');
  const words = await npm('audit:verify', {}, '--expect', '12');
  expect(words).toMatchObject({ code: 2, stderr: expect.stringContaining('COUNT:HASH') });
});

test('a log sealed with a key is verified only with it', async () => {
  const url = `sqlite:${join(folder, 'sealed.sqlite')}`;
  const key = 'correct horse battery staple';
  {
    await using bot = await openStore(url, { auditKey: key });
    await bot.transact((tx) => tx.append([entryNumber(1)]));
  }
  expect(await npm('audit:verify', { DATABASE_URL: url, AUDIT_KEY: key })).toMatchObject({ code: 0 });
  const without = await npm('audit:verify', { DATABASE_URL: url, AUDIT_KEY: '' });
  expect(without).toMatchObject({ code: 1, stdout: expect.stringContaining('set AUDIT_KEY') });
});
