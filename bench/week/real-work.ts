import type { Books } from './books.ts';

/** What Sidekiq 6 writes of each job: `… class=PayrollRunJob jid=… tags=payroll INFO: start`, and `… elapsed=0.18 INFO: done`. */
const LINE = / jid=(\S+) .*?INFO: (start|done)$/;
const BOOT = 'Booting Sidekiq';
/** A job that ended when Redis was away may not have been taken off its private list. */
const UNSURE_MS = 5000;

/** Keeps the books of the processes in one container by what they write. */
export class RealWork {
  readonly #books: Books;
  readonly #running = new Set<string>();
  readonly #lately = new Map<string, number>();
  #rest = '';

  constructor(books: Books) {
    this.#books = books;
  }

  hear(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  /** From an instant ago on; what ends meanwhile may run again. */
  redisWasAway(): void {
    for (const jid of [...this.#running, ...this.#lately.keys()]) this.#books.mayRunAgain(jid);
  }

  #read(line: string): void {
    // A new process in the container: the one before was killed with what it ran.
    if (line.includes(BOOT)) {
      for (const jid of [...this.#running, ...this.#lately.keys()]) this.#books.mayRunAgain(jid);
      this.#running.clear();
    }
    const [, jid = '', what] = LINE.exec(line) ?? [];
    if (what === 'start') {
      this.#running.add(jid);
      this.#books.begun(jid);
    }
    if (what === 'done') {
      this.#running.delete(jid);
      this.#books.finished(jid);
      this.#remember(jid);
    }
  }

  #remember(jid: string): void {
    const nowMs = Date.now();
    this.#lately.set(jid, nowMs);
    for (const [old, atMs] of this.#lately) {
      if (nowMs - atMs < UNSURE_MS) break;
      this.#lately.delete(old);
    }
  }
}
