import { counted } from '../core/amounts.ts';
import type { Keeping } from '../core/archive/archive.ts';
import { BOT } from '../core/audit/entry.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Store } from '../ports/store.ts';
import { accountsOf } from './archive-accounts.ts';

const LOOK_EVERY_MS = 10 * 60_000;
const OPEN_ACTIONS = 200;

/** Forgets archives when their time is over: never what is owed unless the settings say so, and never without a record. */
export class ArchiveExpiry {
  readonly #store: Store;
  readonly #keeping: Keeping;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(store: Store, keeping: Keeping, clock: Clock, log: Log) {
    this.#store = store;
    this.#keeping = keeping;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    if (this.#keeping.keepMs !== undefined) this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  /** Forgets what is over now. */
  async expire(): Promise<void> {
    // What can't be read may well be at work on an archive: then nothing is forgotten.
    const open = await this.#store.proposals({ isOpen: true, limit: OPEN_ACTIONS, isWhole: true });
    const inUse = new Set(open.flatMap(({ id, plan }) => [id, plan.target]));
    for (const account of await accountsOf(this.#store, [], this.#keeping)) {
      const { actionId, sidekiq, jobClass, expiresAtMs } = account;
      const nowMs = this.#clock.nowMs();
      if (expiresAtMs === undefined || expiresAtMs > nowMs || inUse.has(actionId)) continue;
      const { archived, restored, writtenOff, uncertain, owed } = account;
      await this.#store.transact(async (tx) => {
        // Another replica was faster.
        if (!(await tx.dropArchive(actionId))) return;
        await tx.append([
          {
            who: BOT,
            what: 'archive expired',
            where: 'clock',
            atMs: nowMs,
            why: 'archive.keep',
            sidekiq,
            proposalId: actionId,
            fingerprint: null,
            result: `${counted(archived, 'job')} of ${jobClass} are forgotten: ${restored} were restored, ${writtenOff} written off, ${uncertain} uncertain, ${owed} still owed`,
          },
        ]);
      });
    }
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.expire();
      } catch (error) {
        this.#log.warn({ err: error }, 'the expiry of archives waits for the store');
      }
      await this.#clock.wait(LOOK_EVERY_MS, this.#stop.signal);
    }
  }
}
