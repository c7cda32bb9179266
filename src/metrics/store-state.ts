import { Gauge, type Registry } from 'prom-client';
import { gravityOf, TROUBLE_KINDS, type Trouble } from '../core/alerts/trouble.ts';

/** What the store held when somebody scraped: the same for every bot that shares it. */
export type StoreSeen = {
  readonly proposalsByState: ReadonlyMap<string, number>;
  readonly auditRecords: number;
  /** The kinds of the open alerts, by sidekiq. */
  readonly openAlerts: ReadonlyMap<string, readonly Trouble['kind'][]>;
  /** By sidekiq; `oldestMs`: for how long the oldest debt has been owed. */
  readonly debts: ReadonlyMap<string, { readonly jobs: number; readonly oldestMs: number | undefined }>;
};

const OPEN_STATES = ['proposed', 'approved', 'executing', 'interrupted'];

/** Draws what is known. What is not is left out: a zero would be a lie, and look like a log that was emptied. */
export function storeGauges(registry: Registry): (seen: StoreSeen | undefined) => void {
  const gauges: Gauge[] = [];
  const gauge = (name: string, help: string, ...labelNames: string[]) => {
    const made = new Gauge({ name, help, labelNames, registers: [registry] });
    gauges.push(made);
    return made;
  };
  const proposals = gauge(
    'poison_control_proposals_open',
    'Proposals and actions that are not over, by state; those executing run on one of the bots.',
    'state',
  );
  const records = gauge(
    'poison_control_audit_records',
    'The number of the newest audit record. It never goes down.',
  );
  const alerts = gauge(
    'poison_control_alerts_open',
    'Open alerts by kind. Gravity 3: nothing is worked off, or workers die. 2: jobs are late or lost. 1: it may get so.',
    ...['sidekiq', 'kind', 'gravity'],
  );
  const debt = gauge(
    'poison_control_purge_debt_jobs',
    'Jobs that were taken out of Redis and are owed: neither put back nor written off.',
    'sidekiq',
  );
  const oldestDebt = gauge(
    'poison_control_purge_debt_oldest_seconds',
    'How long ago the first of them was taken out.',
    'sidekiq',
  );
  return (store) => {
    for (const each of gauges) each.reset();
    if (store === undefined) return records.remove();
    records.set(store.auditRecords);
    for (const state of OPEN_STATES) proposals.set({ state }, 0);
    for (const [state, count] of store.proposalsByState) proposals.set({ state }, count);
    for (const [sidekiq, open] of store.openAlerts) {
      for (const kind of TROUBLE_KINDS) {
        const count = open.filter((one) => one === kind).length;
        alerts.set({ sidekiq, kind, gravity: gravityOf(kind) }, count);
      }
    }
    for (const [sidekiq, { jobs, oldestMs }] of store.debts) {
      debt.set({ sidekiq }, jobs);
      if (oldestMs !== undefined) oldestDebt.set({ sidekiq }, oldestMs / 1000);
    }
  };
}
