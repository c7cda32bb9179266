import { Gauge, type Registry } from 'prom-client';
import type { Clocks } from '../core/clocks.ts';
import { type StoreSeen, storeGauges } from './store-state.ts';

/** How the bot itself stands, asked for when somebody scrapes. */
export type BotSeen = {
  readonly isConnected: boolean;
  /** Undefined until Slack could be asked. */
  readonly clocks: Clocks | undefined;
  /** Undefined when the store did not answer in time. */
  readonly store: StoreSeen | undefined;
};

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
  const clockAhead = new Gauge({
    name: 'poison_control_clock_ahead_seconds',
    help: 'How far this machine is ahead of another clock; over HTTP Slack is refused from 300 on.',
    labelNames: ['of'],
    registers,
  });
  const isStoreUp = new Gauge({
    name: 'poison_control_store_up',
    help: '1 while the store answers. Without it nothing is carried out.',
    registers,
  });
  const drawStore = storeGauges(registry);
  return ({ isConnected: connected, clocks, store }) => {
    isConnected.set(connected ? 1 : 0);
    clockAhead.reset();
    for (const [of, otherMs] of [
      ['store', clocks?.storeMs],
      ['slack', clocks?.slackMs],
    ] as const) {
      if (clocks !== undefined && otherMs !== undefined) {
        clockAhead.set({ of }, (clocks.ownMs - otherMs) / 1000);
      }
    }
    isStoreUp.set(store === undefined ? 0 : 1);
    drawStore(store);
  };
}
