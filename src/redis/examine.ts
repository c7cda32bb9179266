import { readdirSync, readFileSync } from 'node:fs';
import type { Acting, NotReadable, RedisFacts } from '../core/doctor/redis.ts';
import { readRedisState } from '../core/redis-state.ts';
import { sidekiqKeys } from '../core/sidekiq/keys.ts';
import { numberIn } from './answers.ts';
import { ask, type Command } from './ask.ts';
import { connect } from './connect.ts';

/** Without these the bot still answers, and says what it does not know. */
const HELPFUL = ['INFO', 'SCAN'];
/** Without these it knows the same by others; but it sends them at each look, and Redis notes each refusal. */
const REPLACEABLE = ['PING', 'TIME', 'ZCOUNT'];
const NOBODY = 'poison-control:doctor';
/** Forbidden to the user; or renamed, for ERR is what Redis says to a command that it does not know, and ours are well formed. */
const REFUSALS = ['NOPERM', 'ERR'];

/** Looks whether the bot could do its work in this Redis; changes nothing. @throws {RedisUnavailable} */
export async function examineRedis(access: {
  readonly sidekiq: string;
  readonly url: string;
  readonly namespace: string;
}): Promise<RedisFacts> {
  const connection = connect(access);
  const keys = sidekiqKeys(access.namespace);
  try {
    const askedAtMs = Date.now();
    const [info] = await ask(connection, [['INFO']]);
    const halfWayMs = (Date.now() - askedAtMs) / 2;
    const text = info?.ok === true ? String(info.value) : undefined;
    const { version, role, maxMemoryPolicy, maxMemoryBytes } = readRedisState({
      info: text,
      pingMs: 0,
      stopsWritesOnFailedSave: undefined,
    });
    const probes = readingProbes(keys);
    const replies = await ask(connection, probes);
    const refused = probes.flatMap(([name], index) => {
      const reply = replies[index];
      return reply?.ok === false && REFUSALS.includes(reply.refusal) ? [name] : [];
    });
    const [processes] = await ask(connection, [['SCARD', keys.processes]]);
    const serverTimeUs = /^server_time_usec:(\d+)/m.exec(text ?? '')?.[1];
    return {
      version,
      role,
      maxMemoryPolicy,
      maxMemoryBytes,
      clockAheadMs:
        serverTimeUs === undefined ? undefined : Number(serverTimeUs) / 1000 - askedAtMs - halfWayMs,
      notReadable: [...new Set(refused)].map((command) => ({
        command,
        loss: lossWithout(command),
      })),
      acting: await mayAct(connection, [keys.queue('doctor'), keys.retrySet, keys.queues, NOBODY]),
      processCount: (processes?.ok === true ? numberIn(processes.value) : undefined) ?? 0,
    };
  } finally {
    connection.close();
  }
}

function lossWithout(command: string): NotReadable['loss'] {
  if (REPLACEABLE.includes(command)) return 'nothing';
  return HELPFUL.includes(command) ? 'something' : 'answers';
}

/** Each reading command once, where it is used. */
function readingProbes(keys: ReturnType<typeof sidekiqKeys>): readonly Command[] {
  const queue = keys.queue('doctor');
  return [
    ['SMEMBERS', keys.queues],
    ['SCARD', keys.processes],
    ['HGETALL', keys.process('doctor')],
    ['HGET', keys.process('doctor'), 'info'],
    ['PTTL', keys.process('doctor')],
    ['EXISTS', keys.process('doctor')],
    ['TYPE', queue],
    ['LLEN', queue],
    ['LRANGE', queue, 0, 0],
    ['LINDEX', queue, 0],
    ...[keys.retrySet, keys.scheduledSet, keys.deadSet].map((set): Command => ['ZCARD', set]),
    ['ZCOUNT', keys.retrySet, '-inf', 0],
    ['ZRANGE', keys.retrySet, 0, 0],
    ['ZSCAN', keys.retrySet, 0],
    ['GET', keys.processed],
    ['SCAN', 0, 'COUNT', 1],
    ['INFO', 'server'],
    ['PING'],
    ['TIME'],
  ];
}

/**
 * Redis is asked whether it would let this user, which needs no right but EVAL and runs none of it. `acl_check_cmd` is there since
 * Redis 7 (https://redis.io/docs/latest/develop/programmability/lua-api/). It takes a command only with a fitting number of
 * arguments, so these are tried; one that it takes with none of them is not there, for it was renamed.
 */
const WOULD_LET = `
if not redis.acl_check_cmd then return redis.error_reply('UNKNOWN') end
local refused = {}
local function try(name, ways)
  for _, words in ipairs(ways) do
    local fits, allowed = pcall(redis.acl_check_cmd, unpack(words))
    if fits and allowed then return end
    if fits then break end
  end
  refused[#refused + 1] = name
end
try('PING', { { 'PING' } })
try('EVALSHA', { { 'EVALSHA', 'sha', '0' } })
try('SCRIPT LOAD', { { 'SCRIPT', 'LOAD', '' } })
for _, command in ipairs(ARGV) do
  for _, key in ipairs(KEYS) do
    local ways = { { command } }
    for count = 1, 4 do ways[count + 1] = { command, unpack({ key, key, key, key }, 1, count) } end
    try(command, ways)
  end
end
return refused`;

async function mayAct(connection: ReturnType<typeof connect>, keys: readonly string[]): Promise<Acting> {
  const [reply] = await ask(connection, [['EVAL', WOULD_LET, keys.length, ...keys, ...actingCommands()]]);
  if (reply?.ok === true && Array.isArray(reply.value)) {
    const commands = [...new Set(reply.value.map(String))].sort();
    return commands.length === 0 ? { type: 'may' } : { type: 'may not', commands };
  }
  return reply?.ok === false && REFUSALS.includes(reply.refusal)
    ? { type: 'may not', commands: ['EVAL'] }
    : { type: 'cannot be asked' };
}

/** Every command that a script of ours gives. */
export function actingCommands(): readonly string[] {
  const folder = new URL('.', import.meta.url);
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.lua'),
  );
  const called = scripts.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/redis\.p?call\('(\w+)'/g)].map(
      ([, command = '']) => command,
    ),
  );
  return [...new Set(called)].sort();
}
