import { Gauge, type Registry } from 'prom-client';

/** How the bot itself stands, asked for when somebody scrapes. */
export type BotSeen = {
  readonly isConnected: boolean;
  /** Undefined when the store did not answer in time. */
  readonly store:
    | { readonly proposalsByState: ReadonlyMap<string, number>; readonly auditRecords: number }
    | undefined;
};

const OPEN_STATES = ['proposed', 'approved', 'executing', 'interrupted'];

export function botGauges(registry: Registry, version: string): (seen: BotSeen) => void {
  const registers = [registry];
  const build = new Gauge({
    name: 'poison_control_build_info',
    help: 'Which version runs, on which Node.',
    labelNames: ['version', 'node'],
    registers,
  });
  build.set({ version, node: process.versions.node }, 1);
  const isConnected = new Gauge({
    name: 'poison_control_slack_connected',
    help: '1 while Slack can deliver to this bot.',
    registers,
  });
  const isStoreUp = new Gauge({
    name: 'poison_control_store_up',
    help: '1 while the store answers. Without it nothing is carried out.',
    registers,
  });
  const proposals = new Gauge({
    name: 'poison_control_proposals_open',
    help: 'Proposals and actions that are not over, by state; those executing run on one of the bots.',
    labelNames: ['state'],
    registers,
  });
  const records = new Gauge({
    name: 'poison_control_audit_records',
    help: 'The number of the newest audit record. It never goes down.',
    registers,
  });
  return ({ isConnected: connected, store }) => {
    isConnected.set(connected ? 1 : 0);
    isStoreUp.set(store === undefined ? 0 : 1);
    proposals.reset();
    // What is not known is left out: a zero would be a lie, and look like a log that was emptied.
    records.remove();
    if (store === undefined) return;
    records.set(store.auditRecords);
    for (const state of OPEN_STATES) proposals.set({ state }, 0);
    for (const [state, count] of store.proposalsByState) proposals.set({ state }, count);
  };
}
