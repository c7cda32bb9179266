import type { ArchivePlace } from '../ports/archive.ts';
import { StoreError } from '../ports/store.ts';
import type { Tables } from './tables.ts';

type PlaceColumns = Pick<Tables['archive_chunks'], 'place_kind' | 'place_name' | 'place_queue'>;

export function columnsOf(place: ArchivePlace): PlaceColumns {
  switch (place.kind) {
    case 'queue':
      return { place_kind: 'queue', place_name: place.queue, place_queue: place.queue };
    case 'private_list':
      return { place_kind: 'private_list', place_name: place.key, place_queue: place.queue ?? null };
    case 'retry_set':
    case 'scheduled_set':
      return { place_kind: place.kind, place_name: '', place_queue: null };
    default:
      return place satisfies never;
  }
}

export function placeOf(row: PlaceColumns): ArchivePlace {
  const { place_kind: kind, place_name: name, place_queue: queue } = row;
  if (kind === 'queue') return { kind, queue: name };
  if (kind === 'private_list') return { kind, key: name, queue: queue ?? undefined };
  if (kind === 'retry_set' || kind === 'scheduled_set') return { kind };
  throw new StoreError('corrupt', `The archive names a place of no known kind (${kind}).`);
}
