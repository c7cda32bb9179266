import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readListName } from '../../../src/core/sidekiq/fetch/index.ts';

const queueNames: ReadonlySet<string> = new Set(['default', 'mail', 'mail_bulk', 'a:b']);

function nameOf(key: string, payloadQueues: readonly string[] = []) {
  const { scheme, owner, queue } = readListName({ key, payloadQueues, queueNames });
  return [scheme, owner, queue?.name, queue?.knownBy];
}

test.each([
  [
    'queue:sq|w-7d9f:1:47f02cd92a8e|priority',
    [],
    ['super_fetch', 'w-7d9f:1:47f02cd92a8e', 'priority', 'key'],
  ],
  ['queue:sq|w:1:47f02cd92a8e|odd|name', [], ['super_fetch', 'w:1:47f02cd92a8e', 'odd|name', 'key']],
  [
    'queue:sq_w_3:1:47f02cd92a8e_mail_bulk',
    [],
    ['super_fetch_3_4', 'w_3:1:47f02cd92a8e', 'mail_bulk', 'key'],
  ],
  ['working:queue:a:b:w-1:17:0123456789abcdef', [], ['gitlab', 'w-1:17', 'a:b', 'key']],
  ['working:queue:mail:w-1:17', [], ['gitlab', 'w-1:17', 'mail', 'key']],
  ['inproc:w-1:17:47f02cd92a8e:a:b', [], ['ultimate', 'w-1:17:47f02cd92a8e', 'a:b', 'key']],
  ['queue:mail_worker-3_0', ['mail'], ['reliable_fetch', 'worker-3 0', 'mail', 'payload']],
  ['queue:mail_bulk_worker_3_0', ['mail_bulk'], ['reliable_fetch', 'worker_3 0', 'mail_bulk', 'payload']],
  ['queue:mail_bulk_worker-3_0', [], ['reliable_fetch', 'worker-3 0', 'mail_bulk', 'queues']],
  ['queue:mail_4', ['mail'], ['reliable_fetch_without_host', undefined, 'mail', 'payload']],
  ['queue:mail_worker-3_0', ['mail', 'default'], ['unknown', undefined, undefined, undefined]],
  ['queue:mail_worker-3_0', ['other'], ['unknown', undefined, 'other', 'payload']],
  ['queue:mail_worker', [], ['unknown', undefined, undefined, undefined]],
  ['queue:mail:working', [], ['unknown', undefined, 'mail', 'key']],
  ['sidekiq_solid_fetch:processing:default:w:1:aa:queue:mail', [], ['unknown', undefined, 'mail', 'key']],
  ['backup-of-jobs', ['mail'], ['unknown', undefined, 'mail', 'payload']],
])('%s with jobs of %j is told by its name', (key, payloadQueues, expected) => {
  expect(nameOf(key, payloadQueues)).toEqual(expected);
});

test('any name at all belongs to some scheme', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('queue:', 'queue:sq|', 'queue:sq_', 'working:queue:', 'inproc:', ''),
      fc.string(),
      (prefix, rest) => {
        expect(readListName({ key: prefix + rest, payloadQueues: [], queueNames }).key).toBe(prefix + rest);
      },
    ),
  );
});
