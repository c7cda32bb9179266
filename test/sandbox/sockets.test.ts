import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { clientOf, startApp } from './bolt-app.ts';
import { ManualClock } from './manual-clock.ts';

const command = { as: 'U0ANN', channel: 'C0PAYROLL', text: '/sidekiq' };

function frameOf(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once('message', (data) => resolve(JSON.parse(String(data))));
    socket.once('error', reject);
  });
}

test('a ticket is good for one connection, which is greeted', async () => {
  await using sandbox = await startSandbox();
  const { url = '' } = await clientOf(sandbox, sandbox.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  expect(await frameOf(socket)).toMatchObject({
    type: 'hello',
    num_connections: 1,
    connection_info: { app_id: 'A0POISON' },
    debug_info: { approximate_connection_time: 18_060 },
  });
  await expect(frameOf(new WebSocket(url))).rejects.toThrow('401');
  socket.close();
});

test('the eleventh connection is one too many', async () => {
  await using sandbox = await startSandbox();
  const client = clientOf(sandbox, sandbox.appToken);
  const sockets: WebSocket[] = [];
  const connect = async () => {
    const { url = '' } = await client.apps.connections.open({});
    const socket = new WebSocket(`${url}&debug_reconnects=true`);
    sockets.push(socket);
    return frameOf(socket);
  };
  for (let number = 1; number <= 10; number += 1) {
    expect(await connect()).toMatchObject({
      type: 'hello',
      num_connections: number,
      debug_info: { approximate_connection_time: 360 },
    });
  }
  expect(await connect()).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
  for (const socket of sockets) socket.close();
});

test('frames that make no sense are passed over', async () => {
  await using sandbox = await startSandbox();
  const { url = '' } = await clientOf(sandbox, sandbox.appToken).apps.connections.open({});
  const socket = new WebSocket(url);
  await frameOf(socket);
  const said = sandbox.people.say(command);
  const envelope = (await frameOf(socket)) as { envelope_id: string };
  for (const frame of ['{', '[]', '{"envelope_id":7}', '{"envelope_id":"unknown"}']) socket.send(frame);
  socket.send(Buffer.from([1, 2, 3]));
  socket.send(JSON.stringify({ envelope_id: envelope.envelope_id }));
  expect(await said).toEqual({ ok: true });
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL')).toEqual([]);
  socket.close();
});

test.each([undefined, 'refresh_requested', 'link_disabled'] as const)(
  'the app comes back after its socket was cut (%s)',
  async (reason) => {
    await using sandbox = await startSandbox();
    await using _app = await startApp(sandbox, (app) => {
      app.command('/sidekiq', async ({ ack }) => ack('here'));
    });
    sandbox.cutSockets(reason);
    await sandbox.people.waitFor(() => (sandbox.connectionCount === 0 ? true : undefined));
    await sandbox.waitForBot();
    await sandbox.people.say(command);
    await sandbox.people.waitForMessage('U0ANN', ({ text }) => text === 'here');
  },
);

test('a delivery that arrives twice is one envelope, acknowledged twice', async () => {
  await using sandbox = await startSandbox();
  let heard = 0;
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack }) => {
      heard += 1;
      await ack();
    });
  });
  sandbox.faults.deliverTwice();
  await sandbox.people.say(command);
  await expect.poll(() => sandbox.deliveries[0]?.acks.length).toBe(2);
  await sandbox.people.say(command);
  expect(heard).toBe(3);
  expect(sandbox.deliveries.map(({ acks }) => acks.map(({ isLate }) => isLate))).toEqual([
    [false, false],
    [false],
  ]);
});

test('two connections share the work, each delivery going to one of them', async () => {
  await using sandbox = await startSandbox();
  const heardBy: string[] = [];
  const listenAs = (name: string) =>
    startApp(sandbox, (app) => {
      app.command('/sidekiq', async ({ ack }) => {
        heardBy.push(name);
        await ack();
      });
    });
  await using _first = await listenAs('first');
  await using _second = await listenAs('second');
  await sandbox.people.waitFor(() => (sandbox.connectionCount === 2 ? true : undefined));
  for (let times = 0; times < 4; times += 1) await sandbox.people.say(command);
  expect(heardBy.toSorted()).toEqual(['first', 'first', 'second', 'second']);
});

test('a delivery that is held back can come too late for its person and still reach the app', async () => {
  const clock = new ManualClock();
  await using sandbox = await startSandbox({ clock });
  let heard = 0;
  await using _app = await startApp(sandbox, (app) => {
    app.command('/sidekiq', async ({ ack }) => {
      heard += 1;
      await ack('hello?');
    });
  });
  sandbox.faults.delayNextDelivery(4_000);
  const said = sandbox.people.say(command);
  clock.advance(3_000);
  await said;
  expect(heard).toBe(0);
  clock.advance(1_000);
  await expect.poll(() => sandbox.deliveries[0]?.acks).toMatchObject([{ isLate: true }]);
  expect(sandbox.people.messagesSeenBy('U0ANN', 'C0PAYROLL').map(({ kind }) => kind)).toEqual(['error']);
});
