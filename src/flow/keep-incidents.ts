import { type Alert, incidentOf } from '../core/alerts/alert.ts';
import type { Incident } from '../core/history/incident.ts';
import type { Clock, Log } from '../ports/host.ts';
import type { HistoryStore } from '../ports/memory.ts';

/** After a failure history is left alone for as long. */
const RETRY_AFTER_MS = 60_000;
/** That wait for the store; more of them are no night but a storm. */
const MOST_WAITING = 200;

type Outside = {
  readonly history: Pick<HistoryStore, 'saveIncident'>;
  readonly clock: Clock;
  readonly log: Log;
};

/** For the morning, and so that nothing is learned from it. What history does not take now is kept later. */
export class IncidentKeeper {
  readonly #sidekiq: string;
  readonly #outside: Outside;
  /** By id, with the phase that is in history. */
  readonly #kept = new Map<string, string>();
  /** Those whose phase is not in history yet. */
  #waiting = new Map<string, { readonly incident: Incident; readonly phase: string }>();
  #retryAtMs = 0;

  constructor(sidekiq: string, outside: Outside) {
    this.#sidekiq = sidekiq;
    this.#outside = outside;
  }

  async keep(alerts: readonly Alert[]): Promise<void> {
    for (const alert of alerts) this.#add(alert);
    if (this.#outside.clock.steadyMs() < this.#retryAtMs) return;
    const waiting = this.#waiting;
    for (const [id, { incident, phase }] of waiting) {
      waiting.delete(id);
      try {
        await this.#outside.history.saveIncident(incident);
        this.#kept.set(id, phase);
      } catch (err) {
        // Behind the others, so that one that history never takes is in nobody's way.
        waiting.set(id, { incident, phase });
        this.#retryAtMs = this.#outside.clock.steadyMs() + RETRY_AFTER_MS;
        this.#outside.log.warn(
          { sidekiq: this.#sidekiq, err },
          'an incident could not be kept; it is tried again',
        );
        return;
      }
    }
  }

  /** Another bot watches from now on, and keeps what it sees itself. */
  rest(): void {
    this.#waiting = new Map();
  }

  #add(alert: Alert): void {
    if (alert.phase === 'pending') return;
    const incident = incidentOf(this.#sidekiq, alert);
    const { id } = incident;
    if (this.#kept.get(id) === alert.phase) return;
    if (this.#waiting.size < MOST_WAITING || this.#waiting.has(id))
      this.#waiting.set(id, { incident, phase: alert.phase });
  }
}
