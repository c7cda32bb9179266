import { judgeClock } from './clock.ts';
import { type Finding, good, unknown, warning, wrong } from './finding.ts';

/** What was found out about one sidekiq's Redis, changing nothing. */
export type RedisFacts = {
  readonly version: string | undefined;
  readonly role: 'master' | 'replica' | 'unknown';
  readonly maxMemoryPolicy: string | undefined;
  readonly maxMemoryBytes: number | undefined;
  readonly clockAheadMs: number | undefined;
  readonly notReadable: readonly NotReadable[];
  readonly acting: Acting;
  readonly processCount: number;
};

/** A reading command that was refused, and what the bot loses by it: its answers, something in them, or nothing. */
export type NotReadable = { readonly command: string; readonly loss: 'answers' | 'something' | 'nothing' };

export type Acting =
  | { readonly type: 'may' }
  | { readonly type: 'may not'; readonly commands: readonly string[] }
  /** Redis 6 and older can't be asked without trying. */
  | { readonly type: 'cannot be asked' };

/** `mayAct`: the settings name people who approve, so actions will be tried. */
export function judgeRedis(about: string, facts: RedisFacts, mayAct: boolean): readonly Finding[] {
  return [
    good(about, `It answers${facts.version === undefined ? '' : `: version ${facts.version}`}.`),
    ofProcesses(about, facts),
    ofReading(about, facts),
    ofActing(about, facts, mayAct),
    ...ofRole(about, facts, mayAct),
    ofMemory(about, facts),
    judgeClock(about, 'Its', facts.clockAheadMs),
  ];
}

function ofProcesses(about: string, { processCount }: RedisFacts): Finding {
  if (processCount > 0) return good(about, `${processCount} Sidekiq processes are registered there.`);
  return warning(
    about,
    'No Sidekiq process is registered there.',
    'If Sidekiq runs, this is another Redis, database or namespace than its own: compare the address with Sidekiq’s.',
  );
}

/** `rename-command` takes a command away from everybody. */
const RENAMED = 'If they were renamed in redis.conf, take that back.';

function ofReading(about: string, { notReadable }: RedisFacts): Finding {
  const without = (loss: NotReadable['loss']) =>
    notReadable.filter((one) => one.loss === loss).map(({ command }) => command);
  const remedy = `Give the Redis user the rights of docs/redis-user.md. ${RENAMED}`;
  const [answers, something, nothing] = [without('answers'), without('something'), without('nothing')];
  if (answers.length > 0) return wrong(about, `The bot may not read with ${answers.join(', ')}.`, remedy);
  if (something.length > 0) {
    return warning(about, `Without ${something.join(', ')} some answers will say “unknown”.`, remedy);
  }
  if (nothing.length > 0) {
    return warning(
      about,
      `The bot may read all that it needs, but not with ${nothing.join(', ')}: Redis notes a refusal in ACL LOG at each look.`,
      remedy,
    );
  }
  return good(about, 'The bot may read all that it needs.');
}

function ofActing(about: string, { acting }: RedisFacts, mayAct: boolean): Finding {
  switch (acting.type) {
    case 'may':
      return good(about, 'The bot may carry out approved actions.');
    case 'cannot be asked':
      return unknown(
        about,
        'This Redis can’t say whether the bot may carry out actions (only 7 and newer can).',
        'Compare the Redis user with docs/redis-user.md.',
      );
    case 'may not': {
      const sentence = `Approved actions would be refused: the bot may not ${acting.commands.join(', ')}.`;
      if (!mayAct) return good(about, 'The bot may only read, and the settings let nobody approve anything.');
      return wrong(
        about,
        sentence,
        `Give the Redis user the rights for acting of docs/redis-user.md. ${RENAMED}`,
      );
    }
    default:
      return acting satisfies never;
  }
}

function ofRole(about: string, { role }: RedisFacts, mayAct: boolean): readonly Finding[] {
  if (role !== 'replica') return [];
  const judged = mayAct ? wrong : warning;
  return [
    judged(
      about,
      'It is a replica: it may be behind, and refuses what changes anything.',
      'Name the master, or the sentinels that know it (docs/settings.md, Sentinel).',
    ),
  ];
}

function ofMemory(about: string, { maxMemoryPolicy, maxMemoryBytes }: RedisFacts): Finding {
  if (maxMemoryPolicy === undefined) {
    return unknown(
      about,
      'What Redis does when it is full could not be read.',
      'Make sure that maxmemory-policy is noeviction.',
    );
  }
  if (maxMemoryPolicy !== 'noeviction') {
    const judged = maxMemoryBytes === 0 ? warning : wrong;
    return judged(
      about,
      `maxmemory-policy is ${maxMemoryPolicy}: when Redis is full it throws ${maxMemoryPolicy.startsWith('volatile-') ? 'heartbeats and locks' : 'jobs'} away without a word.`,
      'CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.',
    );
  }
  return good(about, 'A full Redis refuses new jobs and throws none away (noeviction).');
}
