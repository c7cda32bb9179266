import { readListName } from '../sidekiq/fetch/index.ts';

/** Where jobs were taken from, as records and people call it. */
export type NamedPlace =
  | { readonly kind: 'queue'; readonly queue: string }
  | { readonly kind: 'retry_set' | 'scheduled_set' }
  | { readonly kind: 'private_list'; readonly key: string; readonly queue: string | undefined };

/** What left Redis from one place. */
export type FromPlace = { readonly place: NamedPlace; readonly archived: number };

/** "queue critical", "the retry set", "worker-7:1’s private list of default". */
export function placeName(place: NamedPlace): string {
  switch (place.kind) {
    case 'queue':
      return `queue ${place.queue}`;
    case 'private_list':
      return privateListName(place);
    case 'retry_set':
      return 'the retry set';
    case 'scheduled_set':
      return 'the scheduled set';
    default:
      return place satisfies never;
  }
}

/** Who owns a private list, by its name; undefined where that tells no owner. */
export function ownerOf({ key, queue }: Extract<NamedPlace, { kind: 'private_list' }>): string | undefined {
  const queues = queue === undefined ? [] : [queue];
  return readListName({ key, payloadQueues: queues, queueNames: new Set(queues) }).owner;
}

function privateListName(list: Extract<NamedPlace, { kind: 'private_list' }>): string {
  const { key, queue } = list;
  const owner = ownerOf(list);
  if (owner === undefined) return `the private list ${key}`;
  // The nonce tells people nothing, and HOST may hold no colon (reference: 4.1).
  const process = owner.split(':').slice(0, 2).join(':');
  return `${process}’s private list${queue === undefined ? '' : ` of ${queue}`}`;
}
