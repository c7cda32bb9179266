import { z } from 'zod';
import type { JobInFlight, Observation } from './observation.ts';

/**
 * A recorded trace as a source of observations, one line of JSON after the other. Lines of other kinds and further
 * fields are passed over: a later recorder may know more. Times in a trace are seconds, memory is in MB, and
 * processes, runs, jobs and classes are small numbers.
 */
const index = z.number().int().nonnegative();
const Header = z.object({
  k: z.literal('trace'),
  id: z.string().min(1),
  classes: z.array(z.string().min(1)),
});
const Up = z.object({
  k: z.literal('up'),
  p: index,
  host: z.string(),
  start: z.number(),
  threads: index,
  queues: z.array(z.string()),
});
const Run = z.tuple([index, index, index, index, z.number()]).rest(z.unknown());
const BeatLine = z.object({
  k: z.literal('beat'),
  p: index,
  at: z.number(),
  rss: z.number().nonnegative().nullish(),
  runs: z.array(index),
  new: z.array(Run).optional(),
});
const Exit = z.object({ k: z.literal('exit'), p: index });
const Left = z.tuple([index, index]).rest(z.unknown());
const Lost = z.object({ k: z.literal('lost'), p: index, last: z.number(), left: z.array(Left).nullish() });
const LINES = { up: Up, beat: BeatLine, exit: Exit, lost: Lost };
const Line = z.discriminatedUnion('k', [Up, BeatLine, Exit, Lost]);

type Trace = {
  readonly id: string;
  /** The observation that a line of the trace stands for, if it is of a kind that we know. */
  readonly read: (line: string) => Observation | undefined;
};

/** Begins a trace with its first line. Throws an `Error` that says what is wrong with a line, without its place. */
export function openTrace(firstLine: string): Trace {
  const { id, classes } = parse(Header, parseJson(firstLine), 'a trace begins with its header');
  const jobOfRun = new Map<number, JobInFlight>();

  const jobOf = (job: number, jobClass: number, startedS?: number): JobInFlight => {
    const name = classes[jobClass];
    if (name === undefined) throw new Error(`class ${jobClass} is not in the header`);
    return {
      jid: String(job),
      jobClass: name,
      startedAtMs: startedS === undefined ? undefined : toMs(startedS),
    };
  };
  const runOf = (run: number): JobInFlight => {
    const job = jobOfRun.get(run);
    if (job === undefined) throw new Error(`run ${run} was never introduced`);
    return job;
  };

  function read(text: string): Observation | undefined {
    const json = parseJson(text);
    if (!(Kind.parse(json).k in LINES)) return undefined;
    const line = parse(Line, json, 'not a line of a trace');
    const identity = String(line.p);
    switch (line.k) {
      case 'up':
        return {
          kind: 'process seen',
          identity,
          host: line.host,
          queues: line.queues,
          concurrency: line.threads,
          startedAtMs: toMs(line.start),
        };
      case 'beat':
        for (const [run, jobClass, job, , startedS] of line.new ?? []) {
          jobOfRun.set(run, jobOf(job, jobClass, startedS));
        }
        return {
          kind: 'beat',
          identity,
          atMs: toMs(line.at),
          rssKb: typeof line.rss === 'number' ? Math.round(line.rss * 1024) : undefined,
          inFlight: line.runs.map(runOf),
        };
      case 'exit':
        return { kind: 'process ended', identity, how: 'clean stop' };
      case 'lost':
        return {
          kind: 'process crashed',
          identity,
          lastBeatAtMs: toMs(line.last),
          left: line.left?.map(([jobClass, job]) => jobOf(job, jobClass)),
        };
      default:
        return line satisfies never;
    }
  }
  return { id, read };
}

const Kind = z.object({ k: z.string() });
const toMs = (seconds: number): number => Math.round(seconds * 1000);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('not JSON', { cause });
  }
}

function parse<Out>(schema: z.ZodType<Out>, value: unknown, otherwise: string): Out {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`${otherwise}: ${z.prettifyError(result.error).replaceAll(/\s+/g, ' ')}`);
}
