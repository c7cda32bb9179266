import type { HistorySample } from './sample.ts';

/** A number that is compared with what it usually is. Sizes are jobs, latencies ms, rates jobs a minute, memory bytes. */
export type Figure =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'queue size' | 'queue latency'; readonly queue: string }
  | { readonly kind: 'retry set' | 'scheduled set' | 'dead set' }
  | { readonly kind: 'processed' | 'failed' }
  /** Failed of what ended, 0 to 1; unknown where nothing ended. */
  | { readonly kind: 'failure share' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'busy class'; readonly jobClass: string }
  | { readonly kind: 'memory' }
  | { readonly kind: 'crashes' };

/** A figure over the span of a sample: on average, and at most where that is known to differ. */
export type PastValue = { readonly usual: number; readonly most: number };

/** Undefined where nobody looked. */
export function pastValueOf(figure: Figure, sample: HistorySample): PastValue | undefined {
  switch (figure.kind) {
    case 'waiting':
      return sample.waiting && { usual: sample.waiting.size, most: sample.waiting.mostSize };
    case 'queue size': {
      if (sample.queues === undefined) return undefined;
      const queue = sample.queues.get(figure.queue);
      return { usual: queue?.size ?? 0, most: queue?.mostSize ?? 0 };
    }
    case 'queue latency':
      return sample.queues && flat(sample.queues.get(figure.queue)?.latencyMs ?? 0);
    case 'retry set':
      return flat(sample.retrySetSize);
    case 'scheduled set':
      return flat(sample.scheduledSetSize);
    case 'dead set':
      return flat(sample.deadSetSize);
    case 'processed':
      return flat(sample.processed / sample.minutes);
    case 'failed':
      return flat(sample.failed / sample.minutes);
    case 'failure share':
      return sample.processed > 0 ? flat(Math.min(1, sample.failed / sample.processed)) : undefined;
    case 'busy':
      return flat(sample.busy);
    case 'busy class':
      return sample.busyByClass && flat(sample.busyByClass.get(figure.jobClass) ?? 0);
    case 'memory':
      return flat(sample.usedMemoryBytes);
    case 'crashes':
      return flat(sample.ends.crashes / sample.minutes);
    default:
      return figure satisfies never;
  }
}

function flat(value: number | undefined): PastValue | undefined {
  return value === undefined ? undefined : { usual: value, most: value };
}
