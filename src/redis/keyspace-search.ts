import { GITLAB_HEARTBEAT_GLOB } from '../core/sidekiq/fetch/gitlab.ts';
import { PRIVATE_LIST_GLOBS } from '../core/sidekiq/fetch/index.ts';
import type { SidekiqKeys } from '../core/sidekiq/keys.ts';
import type { PrivateListSearch } from '../core/sidekiq/snapshot.ts';
import { answer, buffersIn, type Faults, namesIn } from './answers.ts';
import { ask, type Reply } from './ask.ts';
import type { Connection } from './connect.ts';

/** 0.5 ms of Redis's time; ten times as many would take ten times as long in one piece (performance.md, 6). */
const SCAN_COUNT = 1000;
/** Names kept between searches; more private lists than that are no Sidekiq's. */
const MAX_KNOWN = 20_000;

/** Gives Redis its rest after a page, within what is left of the time; false when there shall be no more pages. */
export type GoOn = (leftMs: number) => Promise<boolean>;

type Pass = { readonly glob: string; readonly onlyLists: boolean };

/**
 * Nothing registers the private lists of most reliable fetchers, so the keyspace is searched for them: a slice at each
 * snapshot, with a memory of what was found, so that neither Redis nor the asker waits for a keyspace of millions.
 */
export class KeyspaceSearch {
  readonly #connection: Connection;
  readonly #keys: SidekiqKeys;
  /** Without the namespace. They may have ended since. */
  readonly lists = new Set<string>();
  readonly heartbeats = new Set<string>();
  #passes: readonly Pass[] = [];
  #cursor = '0';
  #canAskForLists: boolean | undefined;
  /** So many searches of the whole keyspace have begun, and which of them was the last that came to its end. */
  #begun = 0;
  #ended = 0;
  #completedAtMs: number | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, keys: SidekiqKeys) {
    this.#connection = connection;
    this.#keys = keys;
  }

  get state(): PrivateListSearch {
    return { isComplete: this.#completedAtMs !== undefined, completedAtMs: this.#completedAtMs };
  }

  /** Some of the keyspace has been seen, by this search or one before. */
  get hasBegun(): boolean {
    return this.#passes.length > 0 || this.state.isComplete;
  }

  /** From now on; what it gives tells whether a search that began since then has come to its end. */
  watchForWhole(): () => boolean {
    const before = this.#begun;
    return () => this.#ended > before;
  }

  /** Goes on searching until the time is used up, the keyspace has once been seen to its end, or it is told not to go on. */
  async advance(
    budgetMs: number,
    withHeartbeats: boolean,
    nowMs: number,
    faults: Faults,
    goOn: GoOn = (leftMs) => this.#connection.rest(leftMs),
  ): Promise<void> {
    // Two askers at once would share a cursor.
    const turn = this.#turn.then(() => this.#advance(budgetMs, withHeartbeats, nowMs, faults, goOn));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #advance(
    budgetMs: number,
    withHeartbeats: boolean,
    nowMs: number,
    faults: Faults,
    goOn: GoOn,
  ): Promise<void> {
    const endsAtMs = performance.now() + budgetMs;
    if (this.#passes.length === 0) {
      this.#passes = this.#planPasses(withHeartbeats);
      this.#begun += 1;
    }
    do {
      const [pass] = this.#passes;
      if (pass === undefined) return;
      const page = await this.#scan(pass, faults);
      if (page === undefined) return;
      this.#remember(pass, page.names);
      this.#cursor = page.cursor;
      if (this.#cursor === '0') this.#passes = this.#passes.slice(1);
      if (this.#passes.length === 0) {
        this.#completedAtMs = nowMs;
        this.#ended = this.#begun;
        return;
      }
    } while ((await goOn(endsAtMs - performance.now())) && performance.now() < endsAtMs);
  }

  #planPasses(withHeartbeats: boolean): Pass[] {
    const globs = this.#canAskForLists === false ? PRIVATE_LIST_GLOBS : ['*'];
    const passes = globs.map((glob) => ({ glob, onlyLists: this.#canAskForLists !== false }));
    return withHeartbeats ? [...passes, { glob: GITLAB_HEARTBEAT_GLOB, onlyLists: false }] : passes;
  }

  async #scan(pass: Pass, faults: Faults): Promise<{ cursor: string; names: string[] } | undefined> {
    const reply = await this.#scanOnce(pass);
    if (reply?.ok === false && reply.refusal === 'ERR' && pass.onlyLists) {
      // SCAN knows TYPE since Redis 6.
      this.#canAskForLists = false;
      this.#passes = this.#planPasses(this.#passes.some(({ glob }) => glob === GITLAB_HEARTBEAT_GLOB));
      const [first] = this.#passes;
      return first === undefined ? undefined : this.#scan(first, faults);
    }
    const value = answer(reply, 'SCAN', faults, 'page of keys');
    if (!Array.isArray(value)) return undefined;
    const cursor = buffersIn(value)[0]?.toString('latin1') ?? '0';
    return { cursor, names: namesIn(value[1], 'the keyspace', faults) };
  }

  async #scanOnce({ glob, onlyLists }: Pass): Promise<Reply | undefined> {
    const match = `${this.#keys.prefix.replace(/[\\*?[\]]/g, '\\$&')}${glob}`;
    const type = onlyLists ? ['TYPE', 'list'] : [];
    const [reply] = await ask(this.#connection, [
      ['SCAN', this.#cursor, 'MATCH', match, 'COUNT', SCAN_COUNT, ...type],
    ]);
    return reply;
  }

  #remember(pass: Pass, keys: readonly string[]): void {
    const known = pass.glob === GITLAB_HEARTBEAT_GLOB ? this.heartbeats : this.lists;
    for (const key of keys) {
      const name = this.#keys.withoutPrefix(key);
      if (name !== undefined && known.size < MAX_KNOWN) known.add(name);
    }
  }
}
