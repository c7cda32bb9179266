import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/** A trigger lives three seconds and opens one view (reference/slack.md, section 6). */
const LIFE_MS = 3_000;
/** Older ones are forgotten: to use one is then "invalid" rather than "expired". */
const KEPT_TRIGGERS = 1_000;

export type TriggerUse =
  | { readonly ok: true; readonly person: string }
  | { readonly ok: false; readonly error: string };

type Trigger = { readonly person: string; readonly issuedAtMs: number; isUsed: boolean };

/** The right of the bot to open one view for a person who has just done something. */
export class Triggers {
  readonly #clock: Clock;
  readonly #triggers = new Map<string, Trigger>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(person: string): string {
    const id = `${Math.floor(this.#clock.nowMs())}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`;
    this.#triggers.set(id, { person, issuedAtMs: this.#clock.nowMs(), isUsed: false });
    const [oldest] = this.#triggers.keys();
    if (this.#triggers.size > KEPT_TRIGGERS && oldest !== undefined) this.#triggers.delete(oldest);
    return id;
  }

  /** Looks without using it up: a view that is refused for its content leaves the trigger good. */
  check(id: string): TriggerUse {
    const trigger = this.#triggers.get(id);
    if (trigger === undefined) return { ok: false, error: 'invalid_trigger_id' };
    if (trigger.isUsed) return { ok: false, error: 'exchanged_trigger_id' };
    if (this.#clock.nowMs() - trigger.issuedAtMs > LIFE_MS) return { ok: false, error: 'expired_trigger_id' };
    return { ok: true, person: trigger.person };
  }

  use(id: string): TriggerUse {
    const found = this.check(id);
    const trigger = this.#triggers.get(id);
    if (found.ok && trigger !== undefined) trigger.isUsed = true;
    return found;
  }
}
