import { z } from 'zod';

/** A queue in trouble, with its numbers as they were last seen. */
const queue = z.object({
  name: z.string(),
  size: z.number(),
  latencyMs: z.number(),
  /** How many usually wait in it at this hour, and the wait that it promises. */
  usualSize: z.number().optional(),
  targetMs: z.number().optional(),
});
export type QueueInTrouble = z.output<typeof queue>;

/** The worst queues; `queueCount` counts the others too. */
const queues = { queues: z.array(queue).readonly(), queueCount: z.number() };

/** What is wrong, with its numbers as they were last seen; `most` is the worst since it began. */
export const TroubleSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('crash loop'),
    crashes: z.number(),
    hosts: z.number(),
    lastCrashAtMs: z.number(),
    /** The verdict's first sentence, where it names a class. */
    suspicion: z.string().optional(),
  }),
  z.object({
    kind: z.literal('likely class'),
    jobClass: z.string(),
    p: z.number(),
    crashes: z.number(),
    allCrashes: z.number(),
    workShare: z.number(),
    threadsLost: z.number(),
    innocentsKilled: z.number(),
  }),
  z.object({
    kind: z.literal('stranded jobs'),
    jobs: z.number(),
    lists: z.number(),
    mostJobs: z.number(),
  }),
  z.object({
    kind: z.literal('backlog'),
    ...queues,
    jobs: z.number(),
    mostJobs: z.number(),
    usualJobs: z.number().optional(),
    /** Of all queues: negative when they drain; undefined while unknown. */
    perMinute: z.number().optional(),
    emptyInMs: z.number().optional(),
  }),
  z.object({ kind: z.literal('queue stopped'), ...queues, forMs: z.number(), mostForMs: z.number() }),
  z.object({
    kind: z.literal('no process'),
    ...queues,
    jobs: z.number(),
    mostJobs: z.number(),
    /** Alive ones, which serve other queues or take no new jobs. */
    processes: z.number(),
  }),
  z.object({
    kind: z.literal('redis full'),
    usedBytes: z.number(),
    maxBytes: z.number(),
    fullInMs: z.number().optional(),
  }),
  z.object({ kind: z.literal('redis refuses'), reason: z.string() }),
  z.object({
    kind: z.literal('failing'),
    failed: z.number(),
    processed: z.number(),
    overMs: z.number(),
    /** 0 to 1. */
    usualShare: z.number().optional(),
    mostShare: z.number(),
  }),
]);

export type Trouble = z.output<typeof TroubleSchema>;
export type TroubleOf<Kind extends Trouble['kind']> = Extract<Trouble, { kind: Kind }>;

/** The gravest first: what explains the others leads the message. */
export const TROUBLE_KINDS: readonly Trouble['kind'][] = [
  'redis refuses',
  'crash loop',
  'no process',
  'queue stopped',
  'backlog',
  'failing',
  'redis full',
  'likely class',
  'stranded jobs',
];

export function gravest<T extends { readonly trouble: Trouble }>(all: readonly T[]): readonly T[] {
  return all.toSorted(
    (a, b) => TROUBLE_KINDS.indexOf(a.trouble.kind) - TROUBLE_KINDS.indexOf(b.trouble.kind),
  );
}

/** 3: nothing is worked off, or workers die, of which the class that kills them is a part. 2: late or lost. 1: may get so. */
const GRAVITY: Readonly<Record<Trouble['kind'], 1 | 2 | 3>> = {
  'redis refuses': 3,
  'crash loop': 3,
  'no process': 3,
  'queue stopped': 3,
  'likely class': 3,
  backlog: 2,
  failing: 2,
  'redis full': 1,
  'stranded jobs': 1,
};

export function gravityOf(kind: Trouble['kind']): 1 | 2 | 3 {
  return GRAVITY[kind];
}

/** Whether it is worse than any of these, by enough to tell people who have been told of them. */
export function isGraver({ kind }: Trouble, others: readonly Trouble[]): boolean {
  return others.every((other) => GRAVITY[other.kind] < GRAVITY[kind]);
}

/** Whether figures were other than usual while it lasted, so that nothing may be learned from them. */
export function bendsFigures({ kind }: Trouble): boolean {
  return kind !== 'likely class' && kind !== 'stranded jobs' && kind !== 'redis full';
}

/** The numbers of now, with the worst of before. */
export function withWorst(before: Trouble, now: Trouble): Trouble {
  switch (now.kind) {
    case 'stranded jobs':
    case 'backlog':
    case 'no process':
      return { ...now, mostJobs: Math.max(now.mostJobs, before.kind === now.kind ? before.mostJobs : 0) };
    case 'queue stopped':
      return { ...now, mostForMs: Math.max(now.mostForMs, before.kind === now.kind ? before.mostForMs : 0) };
    case 'failing':
      return { ...now, mostShare: Math.max(now.mostShare, before.kind === now.kind ? before.mostShare : 0) };
    case 'crash loop':
    case 'likely class':
    case 'redis full':
    case 'redis refuses':
      return now;
    default:
      return now satisfies never;
  }
}
