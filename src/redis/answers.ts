import type { Fault } from '../core/sidekiq/snapshot.ts';
import type { Reply } from './ask.ts';

/** A Redis full of nonsense must not fill our memory and a message with complaints about it. */
const MAX_FAULTS = 200;

/** Collects what was odd during one reading; each thing once. */
export class Faults {
  readonly #byPlace = new Map<string, Fault>();
  #hasMore = false;
  /** What Redis first refused to show that may hold jobs: what was counted may not be all. Without INFO only its own state is not known. */
  forbidden: string | undefined;

  note(code: Fault['code'], where: string, sentence: string): void {
    if (code === 'forbidden' && where !== 'INFO') this.forbidden ??= sentence;
    const place = `${code} ${where}`;
    if (this.#byPlace.has(place)) return;
    if (this.#byPlace.size < MAX_FAULTS) this.#byPlace.set(place, { code, where, sentence });
    else this.#hasMore = true;
  }

  list(): Fault[] {
    const faults = [...this.#byPlace.values()];
    if (!this.#hasMore) return faults;
    return [
      ...faults,
      { code: 'unreadable', where: 'faults', sentence: `Only the first ${MAX_FAULTS} faults are listed.` },
    ];
  }
}

/** The answer, or undefined with a fault noted for a refusal. `where` is the key, or the command when there is none. */
export function answer(reply: Reply | undefined, where: string, faults: Faults, wanted: string): unknown {
  if (reply?.ok) return reply.value;
  const refusal = reply?.refusal ?? 'ERR';
  if (refusal === 'WRONGTYPE') {
    faults.note('wrong_type', where, `${where} should be a ${wanted}, but is something else.`);
  } else if (refusal === 'NOPERM') {
    faults.note('forbidden', where, `This Redis user may not read ${where} (NOPERM).`);
  } else {
    faults.note('forbidden', where, `Redis refused to read ${where} (${refusal}).`);
  }
  return undefined;
}

export function numberIn(value: unknown): number | undefined {
  const number = Buffer.isBuffer(value) ? Number(value.toString('latin1')) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function buffersIn(value: unknown): Buffer[] {
  return Array.isArray(value) ? value.filter((item) => Buffer.isBuffer(item)) : [];
}

/** Names that can be asked for again: bytes that are no UTF-8 would come back as another name. */
export function namesIn(value: unknown, where: string, faults: Faults): string[] {
  const names = buffersIn(value).map((name) => name.toString('utf8'));
  const readable = names.filter((name) => !name.includes('\uFFFD'));
  if (readable.length < names.length) {
    faults.note('unreadable', where, `${where} holds a name that is no valid UTF-8; it was left out.`);
  }
  return readable;
}

/** Which jobs have left, from a text with 1 or 0 for each. */
export function readLeft(answer: unknown): boolean[] {
  return Buffer.isBuffer(answer) ? [...answer].map((byte) => byte === 0x31) : [];
}
