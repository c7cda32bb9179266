import { connect, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decide } from '../../src/core/approval/decide.ts';
import { verifyChain } from '../../src/core/audit/verify.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { at, click, codeOf, proposed, START_MS, someone } from '../core/approval/cast.ts';
import { entryNumber } from '../core/audit/chain.ts';
import { Line } from '../faults/line.ts';
import { type PostgresServer, startPostgresServer } from '../postgres-server.ts';

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgresServer();
});

afterAll(() => postgres[Symbol.asyncDispose]());

/** As the flow will: read, decide, write the state and its records, all in one transaction. */
async function press(store: Store, userId: string): Promise<string> {
  return store.transact(async (tx) => {
    const proposal = await tx.proposal('p1');
    if (proposal === undefined) throw new Error('no proposal');
    const by = click(someone(userId, ['SLEADS']));
    const decision = decide(proposal, { type: 'approve', by, earlier: [] }, at(START_MS + 1));
    if (decision.type === 'moved' && !(await tx.replaceProposal(decision.next))) throw new Error('overtaken');
    await tx.append(decision.entries);
    return codeOf(decision);
  });
}

test('of twenty approvals by ten people over two replicas exactly one moves it, and the others are told and recorded', async () => {
  const url = await postgres.createDatabase();
  await using one = await openStore(url);
  await using other = await openStore(url);
  await one.transact((tx) => tx.addProposal(proposed()));
  const presses = Array.from({ length: 20 }, (_, index) =>
    press(index % 2 === 0 ? one : other, `U${index % 10}`),
  );
  const outcomes = await Promise.all(presses);
  expect(outcomes.filter((outcome) => outcome === 'moved to approved')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'already_decided')).toHaveLength(19);
  expect(await one.proposal('p1')).toMatchObject({ version: 2, now: { state: 'approved' } });
  // A vote and an approval, and nineteen refusals.
  expect(await verifyChain(other.auditLines())).toMatchObject({ type: 'sound', head: { count: 21 } });
});

test('killed in the middle of a transaction it leaves nothing, and the same store goes on when it is back', async () => {
  const url = await postgres.createDatabase();
  await using store = await openStore(url);
  await store.transact((tx) => tx.append([entryNumber(1)]));
  const failing = store.transact(async (tx) => {
    await tx.addProposal(proposed());
    await tx.append([entryNumber(2)]);
    await postgres.kill();
    await tx.append([entryNumber(3)]);
  });
  await expect(failing).rejects.toMatchObject({ code: 'unavailable' });
  await expect(store.auditHead()).rejects.toMatchObject({ code: 'unavailable' });
  await expect(openStore(url)).rejects.toMatchObject({ code: 'unavailable' });
  await postgres.start();
  expect(await store.proposal('p1')).toBeUndefined();
  expect((await store.auditHead()).count).toBe(1);
  await store.transact((tx) => tx.append([entryNumber(2)]));
  expect(await verifyChain(store.auditLines())).toMatchObject({ type: 'sound', head: { count: 2 } });
});

test('when the line is lost during the commit, it is said that nobody knows; any other loss says that nothing was written', async () => {
  const url = await postgres.createDatabase();
  await using line = await cuttingLine(postgres.port);
  await using store = await openStore(url.replace(String(postgres.port), String(line.port)));
  for (const [word, code, count] of [
    ['insert', 'unavailable', 0],
    ['commit', 'outcome_unknown', 1],
  ] as const) {
    line.cutAfter(word);
    await expect(store.transact((tx) => tx.append([entryNumber(1)]))).rejects.toMatchObject({ code });
    line.cutAfter(undefined);
    await using direct = await openStore(url);
    // The server did receive the commit: only the answer was lost.
    await expect.poll(async () => (await direct.auditHead()).count).toBe(count);
  }
});

/** Through a line that can fall silent, with a short patience. */
async function openBehind(line: Line, url: string): Promise<Store> {
  return openStore(`${url.replace(String(postgres.port), String(line.port))}?query_timeout=300`);
}

test('who does not answer is given up: a read and a transaction say that nothing was written, a write that nobody knows', async () => {
  const url = await postgres.createDatabase();
  await using line = await new Line(postgres.port).open();
  await using store = await openBehind(line, url);
  const lease = await store.acquireLease('watch/payroll', 'one', 60_000);
  if (lease === undefined) throw new Error('no lease');
  const asked: readonly [() => Promise<unknown>, string][] = [
    [() => store.auditHead(), 'unavailable'],
    [() => store.nowMs(), 'unavailable'],
    [() => store.transact((tx) => tx.append([entryNumber(1)])), 'unavailable'],
    [() => store.renewLease(lease, 60_000), 'outcome_unknown'],
  ];
  for (const [ask, code] of asked) {
    // One that is open already, so that it is the query that nobody answers.
    await store.auditHead();
    line.fallSilent();
    await expect(ask()).rejects.toMatchObject({ code });
    line.speakAgain();
  }
});

test('a connection that did not answer in time is not used again: the next question gets an answer, and its own', async () => {
  const url = await postgres.createDatabase();
  await using line = await new Line(postgres.port).open();
  await using store = await openBehind(line, url);
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  const waiting = async () =>
    (await other.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'")).rowCount;
  // The server is alive, and its answer would come later, to whoever asks next over the same connection.
  await other.query('begin; lock table audit_records');
  await expect(store.auditHead()).rejects.toMatchObject({ code: 'unavailable' });
  expect(await waiting()).toBe(1);
  expect(await store.proposals({ limit: 1 })).toEqual([]);
  await other.query('rollback');
  expect((await store.auditHead()).count).toBe(0);
  await other.end();
});

test('silent during the commit: nobody knows, and it is there once', async () => {
  const url = await postgres.createDatabase();
  await using line = await new Line(postgres.port).open();
  await using store = await openBehind(line, url);
  const writing = store.transact(async (tx) => {
    await tx.append([entryNumber(1)]);
    line.fallSilent();
  });
  await expect(writing).rejects.toMatchObject({ code: 'outcome_unknown' });
  line.speakAgain();
  line.cut();
  expect((await store.auditHead()).count).toBe(0);
  await store.transact((tx) => tx.append([entryNumber(1)]));
  expect(await verifyChain(store.auditLines())).toMatchObject({ type: 'sound', head: { count: 1 } });
});

test('a store that says nothing holds up nobody who closes it', async () => {
  const url = await postgres.createDatabase();
  await using line = await new Line(postgres.port).open();
  const store = await openBehind(line, url);
  await store.auditHead();
  line.fallSilent();
  await store[Symbol.asyncDispose]();
});

test('a standby and a turn that is never given up are told apart', async () => {
  const url = await postgres.createDatabase();
  await using store = await openStore(`${url}?lock_timeout=100`);
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query('begin; lock table audit_records');
  await expect(store.transact((tx) => tx.append([entryNumber(1)]))).rejects.toMatchObject({ code: 'locked' });
  await other.query('rollback');
  await other.query(
    `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`,
  );
  await other.end();
  await using standby = await openStore(url);
  await expect(standby.transact((tx) => tx.append([entryNumber(1)]))).rejects.toMatchObject({
    code: 'read_only',
  });
});

test.each([
  ['no URL', 'postgres://[', 'bad_url'],
  ['a scheme nobody knows', 'mysql://localhost/x', 'bad_url'],
  ['a port where nobody listens', 'postgres://postgres@127.0.0.1:1/x', 'unavailable'],
])('%s is said', async (_, url, code) => {
  await expect(openStore(url)).rejects.toMatchObject({ code });
});

test('a database without a store, or with one of a newer version, is refused', async () => {
  const url = await postgres.createDatabase();
  await expect(openStore(url, { isReadOnly: true })).rejects.toMatchObject({ code: 'missing' });
  await (await openStore(url))[Symbol.asyncDispose]();
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query("insert into poison_control_migrations values (999, 'from the future')");
  await other.end();
  await expect(openStore(url)).rejects.toMatchObject({ code: 'schema_newer' });
});

/** A way to the server that breaks right after a word has passed. */
async function cuttingLine(serverPort: number) {
  let word: string | undefined;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      upstream.write(chunk, () => {
        if (word === undefined || !chunk.includes(word)) return;
        client.destroy();
        upstream.end();
      });
    });
    upstream.on('data', (chunk) => client.write(chunk));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cutAfter(next: string | undefined) {
      word = next;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
