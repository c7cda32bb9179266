import { expect, test } from 'vitest';
import { openTerminations } from '../../src/kubernetes/terminations.ts';
import { aCluster, answer } from './cluster.ts';

test('the last end of each container is read with one listing, and nothing is changed', async () => {
  await using cluster = await aCluster(200, answer('pods'));
  expect(await openTerminations(cluster.settings).terminations()).toEqual({
    kind: 'read',
    found: [
      {
        pod: 'payroll-worker-6d4cf56db6-2xkqp',
        atMs: Date.UTC(2026, 10, 23, 3, 2, 6),
        reason: 'OOMKilled',
        exitCode: 137,
      },
      {
        pod: 'payroll-worker-6d4cf56db6-9hvml',
        atMs: Date.UTC(2026, 10, 23, 3, 4, 50),
        reason: 'Error',
        exitCode: 1,
      },
    ],
  });
  expect(cluster.asked).toHaveLength(1);
  expect(cluster.asked[0]).toMatchObject({ method: 'GET', token: 'Bearer hunter2' });
  expect(cluster.asked[0]?.url.pathname).toBe('/api/v1/namespaces/payroll/pods');
  expect(cluster.asked[0]?.url.searchParams.get('labelSelector')).toBe('app=sidekiq');
});

test.each([
  [403, answer('forbidden'), /does not let this bot list the pods of payroll/],
  [401, '{}', /does not know this bot/],
  [500, 'hunter2', /could not be reached/],
  [200, 'not JSON', /could not be reached/],
  [200, '{"message":"please log in, hunter2"}', /^What answers at 127\.0\.0\.1:\d+ gives no list of pods\.$/],
  [200, '{"items":null}', /gives no list of pods/],
  [200, '[]', /gives no list of pods/],
  [200, '{"items":[null]}', /can’t be understood/],
  [
    200,
    '{"items":[{"metadata":{"name":"hunter2"},"status":{"containerStatuses":[null]}}]}',
    /can’t be understood/,
  ],
])(
  'a refusal (%d), or an answer in another shape, is a sentence without secrets',
  async (status, body, sentence) => {
    await using cluster = await aCluster(status, body);
    const told = await openTerminations(cluster.settings).terminations();
    expect(told).toMatchObject({ kind: 'unread', sentence: expect.stringMatching(sentence) });
    expect(JSON.stringify(told)).not.toContain('hunter2');
  },
);

test('no cluster at all is a sentence too', async () => {
  const reader = openTerminations({ namespace: 'payroll', selector: '', kubeconfig: '/nowhere' });
  expect(await reader.terminations()).toEqual({
    kind: 'unread',
    sentence: '/nowhere can’t be read, or names no cluster.',
  });
});
