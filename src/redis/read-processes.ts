import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import { type BareProcess, markReplaced, readProcess } from '../core/sidekiq/process.ts';
import type { Work } from '../core/sidekiq/snapshot.ts';
import { answer, buffersIn, type Faults, numberIn } from './answers.ts';
import { ask, type Command, type Reply } from './ask.ts';
import type { Connection } from './connect.ts';
import type { WorkMemory } from './work-memory.ts';

/** All work hashes of a large fleet in one pipeline would keep Redis from its workers (performance.md, 6). */
const WORK_SLICE = 50;
/** A running job's payload beyond this is left unparsed. */
const MAX_WORK_BYTES = 256 * 1024;

export function processCommands(keys: SidekiqKeys, identities: readonly string[]): Command[] {
  return identities.flatMap((identity): Command[] => [
    ['HGETALL', keys.process(identity)],
    ['PTTL', keys.process(identity)],
  ]);
}

/** Whose processes are read, and what is remembered of their work. */
type Fleet = { readonly connection: Connection; readonly keys: SidekiqKeys; readonly works: WorkMemory };

/** The answers to `processCommands`, and what those processes were running at their last beat. */
export async function readProcesses(
  { connection, keys, works: memory }: Fleet,
  identities: readonly string[],
  replies: readonly Reply[],
  nowMs: number,
  faults: Faults,
): Promise<{ processes: BareProcess[]; works: Work[] }> {
  const beating = identities.flatMap((identity, index) => {
    const reply = replies[2 * index];
    const hash = answer(reply, keys.process(identity), faults, 'hash');
    // A name whose key is no hash is no process; the fault says so.
    if (reply?.ok !== true) return [];
    const ttl = replies[2 * index + 1];
    return [{ identity, fields: fieldsIn(hash), ttlMs: positive(ttl?.ok ? ttl.value : undefined) }];
  });
  const works = await readWorks({ connection, keys, works: memory }, beating, faults);
  const processes = beating.map((found) => {
    const { process, hasFault } = readProcess({
      ...found,
      nowMs,
      workKey: works.keyOf.get(found.identity),
      isWorkPayloadObject: works.withObjects.has(found.identity),
    });
    const key = keys.process(found.identity);
    if (hasFault) faults.note('unreadable', key, `${key} does not describe a process as Sidekiq does.`);
    return process;
  });
  return { processes: markReplaced(processes), works: works.works };
}

type Beating = { readonly identity: string; readonly fields: ReadonlyMap<string, string> };
type Works = {
  readonly works: Work[];
  readonly keyOf: Map<string, 'work' | 'workers'>;
  readonly withObjects: Set<string>;
};

async function readWorks(
  { connection, keys, works: memory }: Fleet,
  processes: readonly Beating[],
  faults: Faults,
): Promise<Works> {
  memory.begin();
  const found: Works = { works: [], keyOf: new Map(), withObjects: new Set() };
  const slices = Array.from({ length: Math.ceil(processes.length / WORK_SLICE) }, (_, index) =>
    processes
      .slice(index * WORK_SLICE, (index + 1) * WORK_SLICE)
      .flatMap((process) => workKeysOf(keys, process)),
  );
  const askSlice = (slice: readonly WorkKey[] | undefined) =>
    slice &&
    ask(
      connection,
      slice.map(({ key }): Command => ['HGETALL', key]),
    );
  // While one slice is read, Redis already works on the next.
  let next = askSlice(slices[0]);
  for (const [index, slice] of slices.entries()) {
    const current = next;
    next = askSlice(slices[index + 1]);
    next?.catch(() => {});
    for (const [at, reply] of ((await current) ?? []).entries())
      collectHash(found, memory, slice[at], reply, faults);
  }
  return found;
}

type WorkKey = { readonly identity: string; readonly workKey: 'work' | 'workers'; readonly key: string };

function workKeysOf(keys: SidekiqKeys, { identity, fields }: Beating): WorkKey[] {
  const work = { identity, workKey: 'work', key: keys.work(identity) } as const;
  // Processes that tell their version (7.0.2 and later) have only the new name; of others we can't know.
  if (fields.get('info')?.includes('"version":') === true) return [work];
  return [work, { identity, workKey: 'workers', key: keys.workers(identity) }];
}

function collectHash(
  found: Works,
  memory: WorkMemory,
  asked: WorkKey | undefined,
  reply: Reply,
  faults: Faults,
): void {
  if (asked === undefined) return;
  const { identity, workKey, key } = asked;
  const hash = buffersIn(answer(reply, key, faults, 'hash'));
  if (hash.length > 0) found.keyOf.set(identity, workKey);
  for (let at = 0; at + 1 < hash.length; at += 2) {
    collectWork(found, memory, identity, key, hash[at], hash[at + 1], faults);
  }
}

function collectWork(
  found: Works,
  memory: WorkMemory,
  identity: string,
  key: string,
  threadId: Buffer | undefined,
  value: Buffer | undefined,
  faults: Faults,
): void {
  if (threadId === undefined || value === undefined) return;
  const { work, isPayloadObject, trouble } = memory.read(
    identity,
    threadId.toString('utf8'),
    value,
    MAX_WORK_BYTES,
  );
  found.works.push(work);
  if (isPayloadObject) found.withObjects.add(identity);
  if (trouble !== undefined)
    faults.note(trouble, key, `A thread's entry in ${key} does not hold a readable job.`);
}

function fieldsIn(hash: unknown): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const parts = buffersIn(hash);
  for (let at = 0; at + 1 < parts.length; at += 2) {
    fields.set(parts[at]?.toString('utf8') ?? '', parts[at + 1]?.toString('utf8') ?? '');
  }
  return fields;
}

/** PTTL says -1 for a key without an end and -2 for no key. */
function positive(value: unknown): number | undefined {
  const number = numberIn(value);
  return number !== undefined && number >= 0 ? number : undefined;
}
