import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Meter } from '../ports/meter.ts';
import { type BotSeen, botGauges } from './bot-state.ts';
import { meterOwnWork } from './own-work.ts';
import { type SidekiqSeen, sidekiqGauges } from './sidekiq-state.ts';

/** GET /metrics, in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export type Metrics = {
  readonly meter: Meter;
  readonly contentType: string;
  /** Draws what `look` sees now, with all that was counted. Those who scrape at once share one look. */
  text(look: () => Promise<Looked>): Promise<string>;
};

export type Looked = { readonly sidekiqs: readonly SidekiqSeen[]; readonly bot: BotSeen };

export function openMetrics(version: string): Metrics {
  const registry = new Registry();
  // The process itself: memory, CPU, garbage collection, how late the event loop is.
  collectDefaultMetrics({ register: registry });
  const meter = meterOwnWork(registry);
  const drawSidekiqs = sidekiqGauges(registry);
  const drawBot = botGauges(registry, version);
  let drawing: Promise<string> | undefined;
  const draw = async (look: () => Promise<Looked>): Promise<string> => {
    const { sidekiqs, bot } = await look();
    drawSidekiqs(sidekiqs);
    drawBot(bot);
    return registry.metrics();
  };
  return {
    meter,
    contentType: registry.contentType,
    text: (look) => {
      drawing ??= draw(look).finally(() => {
        drawing = undefined;
      });
      return drawing;
    },
  };
}
