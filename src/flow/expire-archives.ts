import { counted } from '../core/amounts.ts';
import type { Keeping } from '../core/archive/archive.ts';
import { keepExpired } from '../core/archive/expired.ts';
import { BOT } from '../core/audit/entry.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { Store } from '../ports/store.ts';
import { accountsOf } from './archive-accounts.ts';
import { notesOver } from './notes.ts';

const LOOK_EVERY_MS = 10 * 60_000;
const OPEN_ACTIONS = 200;

/** Where the debts of a sidekiq that expired are kept among the announcements. */
export const expiredId = (sidekiq: string): string => `expired-debts/${sidekiq}`;

type ExpiryDesk = {
  readonly store: Store;
  readonly keeping: Keeping;
  /** Shows in the thread of an action what was recorded of it. */
  readonly tell: (actionId: string) => Promise<void>;
  /** Undefined while the clocks leave it in doubt whether anything's time is over. */
  readonly timeToForgetBy: () => number | undefined;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Forgets archives when their time is over: never what is owed unless the settings say so, and never without a record. What was owed is told in
 * the thread of its action, and in the mornings after.
 */
export class ArchiveExpiry {
  readonly #desk: ExpiryDesk;
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(desk: ExpiryDesk) {
    this.#desk = desk;
  }

  start(): void {
    if (this.#desk.keeping.keepMs !== undefined) this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  /** Forgets what is over now. */
  async expire(): Promise<void> {
    const { store, keeping, timeToForgetBy, tell } = this.#desk;
    // What can't be read may well be at work on an archive: then nothing is forgotten.
    const open = await store.proposals({ isOpen: true, limit: OPEN_ACTIONS, isWhole: true });
    const inUse = new Set(open.flatMap(({ id, plan }) => [id, plan.target]));
    for (const account of await accountsOf(store, [], keeping)) {
      const { actionId, sidekiq, jobClass, expiresAtMs } = account;
      const nowMs = timeToForgetBy();
      if (nowMs === undefined || expiresAtMs === undefined || expiresAtMs > nowMs || inUse.has(actionId))
        continue;
      const { archived, restored, writtenOff, uncertain, owed } = account;
      // For the mornings after it, before it is done: what a crash comes between is done at the next look.
      if (owed > 0) {
        const debt = { actionId, jobClass, owed, atMs: nowMs };
        await notesOver(store).change(expiredId(sidekiq), (state) => keepExpired(state, debt));
      }
      await store.transact(async (tx) => {
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
      if (owed > 0) await tell(actionId);
    }
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.expire();
      } catch (error) {
        this.#desk.log.warn({ err: error }, 'the expiry of archives waits for the store');
      }
      await this.#desk.clock.wait(LOOK_EVERY_MS, this.#stop.signal);
    }
  }
}
