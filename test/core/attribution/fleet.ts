/**
 * A small fleet of made-up processes, second by second, told as a recorded trace. The same seed gives the same trace.
 * Threads take jobs at random; a culprit kills its process by chance, by memory, or slowly by what it leaves behind.
 */
export type FleetPlan = {
  readonly seed: number;
  readonly hours: number;
  readonly processes: number;
  readonly threads: number;
  readonly perHost: number;
  readonly classes: readonly JobKind[];
  readonly fetch: 'basic' | 'reliable' | 'super';
  /** Chance a thread is busy, roughly. */
  readonly load: number;
  readonly limitMb: number;
  /** Random deaths per process-hour, and evictions of whole hosts per host-hour. */
  readonly background: number;
  readonly evictions: number;
  /** Clean restarts of the whole fleet, every so many hours; 0 for none. */
  readonly deployEveryHours: number;
};

export type JobKind = {
  readonly name: string;
  /** Part of the jobs that are taken. */
  readonly weight: number;
  readonly meanS: number;
  /** Deaths per hour of one running job. */
  readonly killsPerHour?: number;
  /** Only every so many jobs is harmful (1 = all); the others are fine. */
  readonly harmfulOneIn?: number;
  /** Memory that a harmful job takes, per second; and that it leaves behind for good. */
  readonly growsMbPerS?: number;
  readonly leaksMb?: number;
  /** Memory that any job of the class takes while it runs. */
  readonly takesMb?: number;
  /** Harmless before this hour. */
  readonly fromHour?: number;
};

export type Fleet = {
  readonly lines: readonly string[];
  /** By lost process: the class that killed it, or `infra`. */
  readonly causes: readonly string[];
};

type Job = {
  readonly kind: number;
  readonly job: number;
  readonly isHarmful: boolean;
  readonly lengthS: number;
};
type Running = Job & { readonly run: number; readonly startedAt: number };
type Process = {
  readonly p: number;
  readonly host: string;
  readonly start: number;
  readonly phase: number;
  readonly threads: (Running | undefined)[];
  leakedMb: number;
  lastBeat: number;
};

/** A linear congruential generator is random enough for job lengths (constants of Numerical Recipes). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 10; i++) next();
  return next;
}

export function simulateFleet(plan: FleetPlan): Fleet {
  const random = randomFrom(plan.seed);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const seen: { readonly t: number; readonly line: object; readonly cause?: string | undefined }[] = [];
  const tell = (t: number, line: object, cause?: string) =>
    seen.push({ t: Math.ceil(t / 5) * 5, line, cause });
  const totalWeight = plan.classes.reduce((sum, { weight }) => sum + weight, 0);
  const introduced = new Set<number>();
  const waiting: { readonly at: number; readonly job: Job }[] = [];
  const starts: { readonly at: number; readonly host: string; readonly jobs: Job[] }[] = [];
  let living: Process[] = [];
  let [processes, runs, jobs] = [0, 0, 0];

  for (let i = 0; i < plan.processes; i++) {
    starts.push({ at: random() * 10, host: `host-${Math.floor(i / plan.perHost)}`, jobs: [] });
  }

  function newJob(): Job {
    let pick = random() * totalWeight;
    let kind = 0;
    while (pick > (plan.classes[kind]?.weight ?? 0) && kind < plan.classes.length - 1) {
      pick -= plan.classes[kind]?.weight ?? 0;
      kind++;
    }
    const { meanS = 1, harmfulOneIn = 1 } = plan.classes[kind] ?? {};
    return { kind, job: jobs++, isHarmful: random() * harmfulOneIn < 1, lengthS: exponential(meanS) };
  }

  function memoryMb(process: Process, now: number): number {
    let mb = 200 + process.leakedMb + 10 * random();
    for (const running of process.threads) {
      const kind = running && plan.classes[running.kind];
      if (running === undefined || kind === undefined) continue;
      mb += kind.takesMb ?? 0;
      if (running.isHarmful) mb += (kind.growsMbPerS ?? 0) * (now - running.startedAt);
    }
    return mb;
  }

  /** The class that kills the process in this second, if one does. */
  function killerOf(process: Process, now: number): string | undefined {
    if (random() * 3600 < plan.background) return 'infra';
    for (const running of process.threads) {
      const kind = running && plan.classes[running.kind];
      if (!running?.isHarmful || kind === undefined || now < (kind.fromHour ?? 0) * 3600) continue;
      if (random() * 3600 < (kind.killsPerHour ?? 0)) return kind.name;
    }
    if (memoryMb(process, now) < plan.limitMb) return undefined;
    return plan.classes.find((kind) => kind.leaksMb || kind.growsMbPerS)?.name ?? 'infra';
  }

  function lose(process: Process, now: number, cause: string): void {
    const inFlight = process.threads.filter((running) => running !== undefined);
    const left = plan.fetch === 'basic' ? null : inFlight.map(({ kind, job }) => [kind, job, job]);
    tell(process.lastBeat + 61, { k: 'lost', p: process.p, last: round(process.lastBeat), left }, cause);
    if (plan.fetch === 'super')
      for (const job of inFlight) waiting.push({ at: now + 60 + 60 * random(), job });
    const again = plan.fetch === 'reliable' ? inFlight : [];
    starts.push({ at: now + 5 + 20 * random(), host: process.host, jobs: again });
  }

  function takeJobs(process: Process, now: number): void {
    for (const [thread, running] of process.threads.entries()) {
      if (running !== undefined && now < running.startedAt + running.lengthS) continue;
      const kind = running && plan.classes[running.kind];
      if (running?.isHarmful) process.leakedMb += kind?.leaksMb ?? 0;
      process.threads[thread] = undefined;
      const due = waiting.findIndex(({ at }) => at <= now);
      const again = due < 0 ? undefined : waiting.splice(due, 1)[0]?.job;
      if (again === undefined && random() > plan.load) continue;
      process.threads[thread] = { ...(again ?? newJob()), run: runs++, startedAt: now };
    }
  }

  function beat(process: Process, now: number): void {
    const running = process.threads.filter((one) => one !== undefined);
    const fresh = running.filter(({ run }) => !introduced.has(run));
    for (const { run } of fresh) introduced.add(run);
    process.lastBeat = now;
    tell(now, {
      k: 'beat',
      p: process.p,
      at: round(now),
      rss: Math.round(memoryMb(process, now)),
      runs: running.map(({ run }) => run),
      new: fresh.map(({ run, kind, job, startedAt }) => [run, kind, job, job, Math.floor(startedAt)]),
    });
  }

  for (let now = 0; now < plan.hours * 3600; now++) {
    for (const { host, jobs: again } of starts.filter(({ at }) => at <= now)) {
      const p = processes++;
      const threads = Array.from({ length: plan.threads }, () => undefined);
      living.push({ p, host, start: now, phase: now % 10, threads, leakedMb: 0, lastBeat: now });
      tell(now, { k: 'up', p, host, start: now, threads: plan.threads, queues: ['default'] });
      for (const job of again) waiting.unshift({ at: now, job });
    }
    for (let i = starts.length - 1; i >= 0; i--) if ((starts[i]?.at ?? now) <= now) starts.splice(i, 1);

    const hosts = [...new Set(living.map(({ host }) => host))];
    const evicted = hosts.filter(() => random() * 3600 < plan.evictions);
    const isDeploy = plan.deployEveryHours > 0 && now > 0 && now % (plan.deployEveryHours * 3600) === 0;
    const survivors: Process[] = [];
    for (const process of living) {
      if (isDeploy) {
        tell(now, { k: 'exit', p: process.p });
        for (const job of process.threads) if (job !== undefined) waiting.push({ at: now + 5, job });
        starts.push({ at: now + 5 + 10 * random(), host: process.host, jobs: [] });
        continue;
      }
      takeJobs(process, now);
      if (now % 10 === process.phase) beat(process, now);
      const cause = evicted.includes(process.host) ? 'infra' : killerOf(process, now);
      if (cause === undefined) survivors.push(process);
      else lose(process, now, cause);
    }
    living = survivors;
  }

  const header = { k: 'trace', v: 1, id: `s${plan.seed}`, poll: 5, beat: 10, fetch: plan.fetch };
  // What is seen after the end is not told.
  const told = seen.filter(({ t }) => t <= plan.hours * 3600).sort((a, b) => a.t - b.t);
  return {
    lines: [
      { ...header, classes: plan.classes.map(({ name }) => name) },
      ...told.map(({ t, line }) => ({ ...line, t })),
    ].map((line) => JSON.stringify(line)),
    causes: told.flatMap(({ cause }) => cause ?? []),
  };
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;
