import { undelivered } from '../core/alerts/undelivered.ts';
import { type Chat, ChatFailed } from '../ports/chat.ts';
import type { Log, Notes } from '../ports/host.ts';
import { tellOperators } from './operators.ts';

type Outside = {
  readonly chat: Chat;
  readonly store: Pick<Notes, 'load' | 'save'>;
  /** Where alerts go, and where those who run the bot read. */
  readonly channel: string;
  readonly operatorsChannels: readonly string[];
  readonly log: Log;
};

/** These may be over when it is tried again. */
const PASSING = ['rate_limited', 'unreachable', 'outcome_unknown', 'stopped'];

/** Tells the operators once why alerts do not reach their channel, over restarts too; and again when they did in between. */
export class Undelivered {
  readonly #sidekiq: string;
  readonly #outside: Outside;

  constructor(sidekiq: string, outside: Outside) {
    this.#sidekiq = sidekiq;
    this.#outside = outside;
  }

  /** Posts, by `post`. @throws {ChatFailed}, after the operators have been told of it */
  watch<T>(post: () => Promise<T>): Promise<T> {
    return post().catch(async (error: unknown) => {
      if (error instanceof ChatFailed && !PASSING.includes(error.code)) await this.#tell(error);
      throw error;
    });
  }

  /** One reached its channel; to be said when that is noted, for a store that fails here must not have it posted twice. */
  async delivered(): Promise<void> {
    if (await this.#told()) await this.#save('');
  }

  async #tell(err: ChatFailed): Promise<void> {
    const { channel, operatorsChannels, log } = this.#outside;
    const sidekiq = this.#sidekiq;
    log.error({ sidekiq, channel, err }, 'an alert did not reach its channel');
    const mark = `${channel} ${err.code}`;
    if ((await this.#told()) === mark) return;
    const message = undelivered(sidekiq, channel, err.message);
    if (await tellOperators(this.#outside, operatorsChannels, channel, message)) await this.#save(mark);
  }

  /** Where that can't be read, they are rather told twice. */
  #told(): Promise<string | undefined> {
    return this.#outside.store.load(this.#id).catch(() => undefined);
  }

  #save(mark: string): Promise<void> {
    return this.#outside.store.save(this.#id, mark);
  }

  get #id(): string {
    return `undelivered/${this.#sidekiq}`;
  }
}
