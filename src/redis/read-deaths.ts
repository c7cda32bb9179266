import type { JobInFlight } from '../core/attribution/observation.ts';
import { readJob } from '../core/sidekiq/job.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import { epochMs } from '../core/sidekiq/times.ts';
import type { DeathReader } from '../ports/reading.ts';
import { buffersIn } from './answers.ts';
import { ask, type Command, type Reply } from './ask.ts';
import type { Connection } from './connect.ts';

/** A payload beyond this is left unparsed: its class is not worth a pause of the event loop. */
const MAX_JOB_BYTES = 256 * 1024;

/** What a process leaves behind: the rest of its hash, and the jobs in its private lists. */
export function deathReader(connection: Connection, keys: SidekiqKeys): DeathReader {
  return {
    remains: async (identities) => {
      const replies = await ask(
        connection,
        identities.flatMap((identity): Command[] => [
          ['HGET', keys.process(identity), 'beat'],
          ['HGET', keys.process(identity), 'quiet'],
        ]),
      );
      const found = new Map<string, { beatAtMs: number; isQuiet: boolean }>();
      identities.forEach((identity, index) => {
        const [beat, quiet] = replies.slice(2 * index, 2 * index + 2).map(textOf);
        const beatAtMs = epochMs(beat === undefined ? undefined : Number(beat));
        if (beatAtMs !== undefined) found.set(identity, { beatAtMs, isQuiet: quiet === 'true' });
      });
      return found;
    },
    jobsIn: async (lists, limit) => {
      const replies = await ask(
        connection,
        lists.map((list): Command => ['LRANGE', list, 0, limit - 1]),
      );
      return new Map(
        lists.map((list, index) => {
          const reply = replies[index];
          return [list, buffersIn(reply?.ok ? reply.value : undefined).flatMap(jobInFlight)];
        }),
      );
    },
  };
}

function textOf(reply: Reply): string | undefined {
  return reply.ok && Buffer.isBuffer(reply.value) ? String(reply.value) : undefined;
}

function jobInFlight(raw: Buffer): JobInFlight[] {
  const reading = readJob(raw, MAX_JOB_BYTES);
  if (reading.kind !== 'job' || reading.job.jid === undefined) return [];
  return [{ jid: reading.job.jid, jobClass: reading.job.jobClass }];
}
