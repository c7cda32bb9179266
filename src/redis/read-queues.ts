import { glimpse } from '../core/sidekiq/glimpse.ts';
import { readJob } from '../core/sidekiq/job.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import type { Queue } from '../core/sidekiq/snapshot.ts';
import { answer, type Faults, numberIn } from './answers.ts';
import type { Command, Reply } from './ask.ts';

/** Each queue's next job is parsed at every poll; a larger one is only glimpsed at. */
const MAX_PARSED_BYTES = 256 * 1024;

export function queueCommands(keys: SidekiqKeys, names: readonly string[]): Command[] {
  return names.flatMap((name): Command[] => [
    ['LLEN', keys.queue(name)],
    ['LINDEX', keys.queue(name), -1],
  ]);
}

/** The answers to `queueCommands`, one queue for each pair. */
export function readQueues(
  keys: SidekiqKeys,
  names: readonly string[],
  replies: readonly Reply[],
  paused: ReadonlySet<string>,
  nowMs: number,
  faults: Faults,
): Queue[] {
  return names.map((name, index) => {
    const key = keys.queue(name);
    const size = numberIn(answer(replies[2 * index], key, faults, 'list')) ?? 0;
    const last = answer(replies[2 * index + 1], key, faults, 'list');
    const oldest = Buffer.isBuffer(last) ? readOldest(last, key, faults) : undefined;
    const sinceMs = oldest?.enqueuedAtMs ?? oldest?.createdAtMs ?? nowMs;
    return {
      name,
      size,
      latencyMs: Math.max(0, nowMs - sinceMs),
      oldest: oldest && { jobClass: oldest.jobClass, createdAtMs: oldest.createdAtMs },
      isPaused: paused.has(name),
    };
  });
}

type Oldest = {
  readonly jobClass: string | undefined;
  readonly createdAtMs: number | undefined;
  readonly enqueuedAtMs: number | undefined;
};

function readOldest(raw: Buffer, key: string, faults: Faults): Oldest {
  const reading = readJob(raw, MAX_PARSED_BYTES);
  switch (reading.kind) {
    case 'job':
      return reading.job;
    case 'oversized': {
      const megabytes = (reading.sizeBytes / 1024 / 1024).toFixed(1);
      faults.note(
        'oversized',
        key,
        `The next job in ${key} is ${megabytes} MB large; it was not parsed whole.`,
      );
      return glimpse(raw);
    }
    case 'not_json':
      faults.note(
        'not_json',
        key,
        `The next element of ${key} is no JSON; a worker will move it to the dead set.`,
      );
      break;
    case 'not_a_job':
      faults.note('not_a_job', key, `The next element of ${key} is no job: ${reading.why}.`);
      break;
    default:
      reading satisfies never;
  }
  return { jobClass: undefined, createdAtMs: undefined, enqueuedAtMs: undefined };
}
