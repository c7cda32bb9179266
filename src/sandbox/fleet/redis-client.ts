import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Call, FleetRedis } from './redis-call.ts';

/**
 * The fleet's own line to the private Redis beside it: RESP2 over the loopback, no login, no reconnecting. The bot's
 * client stays out of it, so that nothing the bot does to its connections can change the story.
 */
export type FleetRedisClient = FleetRedis & AsyncDisposable;

type Waiting = { readonly resolve: (reply: unknown) => void; readonly reject: (error: Error) => void };

/** Connects, or fails with what the system says. */
export async function openFleetRedis(port: number): Promise<FleetRedisClient> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const waiting: Waiting[] = [];
  let unread = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
    let position = 0;
    for (let parsed = parseReply(unread, 0); parsed !== undefined; parsed = parseReply(unread, position)) {
      position = parsed.end;
      waiting.shift()?.resolve(parsed.reply);
    }
    unread = unread.subarray(position);
  });
  let end: Error | undefined;
  let cause: Error | undefined;
  socket.on('error', (error) => {
    cause = error;
  });
  socket.on('close', () => {
    end = new Error('the private Redis closed the connection', { cause });
    for (const { reject } of waiting.splice(0)) reject(end);
  });

  const pipeline = (calls: readonly Call[]): Promise<unknown[]> => {
    if (end !== undefined) return Promise.reject(end);
    const replies = calls.map(() => new Promise((resolve, reject) => waiting.push({ resolve, reject })));
    socket.write(calls.map(encodeCall).join(''));
    return Promise.all(replies);
  };
  return {
    pipeline,
    call: async (...call) => {
      const [reply] = await pipeline([call]);
      if (reply instanceof Error) throw reply;
      return reply;
    },
    [Symbol.asyncDispose]: () => close(socket),
  };
}

async function close(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
}

function encodeCall(call: Call): string {
  const parts = call.map((part) => `$${Buffer.byteLength(String(part))}\r\n${part}\r\n`);
  return `*${call.length}\r\n${parts.join('')}`;
}

type Parsed = { readonly reply: unknown; readonly end: number };

/** The reply that begins at `start`; undefined while a part of it is still under way. */
function parseReply(bytes: Buffer, start: number): Parsed | undefined {
  const lineEnd = bytes.indexOf('\r\n', start);
  if (lineEnd === -1) return undefined;
  const line = bytes.toString('utf8', start + 1, lineEnd);
  const next = lineEnd + 2;
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case '+':
      return { reply: line, end: next };
    case '-':
      return { reply: new Error(line), end: next };
    case ':':
      return { reply: Number(line), end: next };
    case '$':
      return parseBulk(bytes, Number(line), next);
    case '*':
      return parseArray(bytes, Number(line), next);
    default:
      throw new Error(`Redis sent what is not RESP2: ${line.slice(0, 80)}`);
  }
}

function parseBulk(bytes: Buffer, length: number, start: number): Parsed | undefined {
  if (length === -1) return { reply: null, end: start };
  const end = start + length + 2;
  return end > bytes.length ? undefined : { reply: bytes.toString('utf8', start, end - 2), end };
}

function parseArray(bytes: Buffer, length: number, start: number): Parsed | undefined {
  if (length === -1) return { reply: null, end: start };
  const items: unknown[] = [];
  let end = start;
  for (let index = 0; index < length; index += 1) {
    const item = parseReply(bytes, end);
    if (item === undefined) return undefined;
    items.push(item.reply);
    end = item.end;
  }
  return { reply: items, end };
}
