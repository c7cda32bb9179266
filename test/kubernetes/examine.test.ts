import { expect, test } from 'vitest';
import { judgeKubernetes } from '../../src/core/doctor/kubernetes.ts';
import { examineKubernetes } from '../../src/kubernetes/examine.ts';
import { aCluster, answer } from './cluster.ts';

/** What the doctor finds when it asks for the pods of a sidekiq. */

const NONE = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] });

async function found(status: number, body: string) {
  await using cluster = await aCluster(status, body);
  const { settings, asked } = cluster;
  const finding = judgeKubernetes('Kubernetes of payroll', settings, await examineKubernetes(settings));
  expect(JSON.stringify(finding)).not.toContain('hunter2');
  return { asked, ...finding };
}

test('one pod is asked for, with the namespace, the selector and the token of the settings, and it is well', async () => {
  const { asked, verdict, sentence } = await found(200, answer('pods'));
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ method: 'GET', token: 'Bearer hunter2' });
  expect(`${asked[0]?.url.pathname}${asked[0]?.url.search}`).toBe(
    '/api/v1/namespaces/payroll/pods?labelSelector=app%3Dsidekiq&limit=1',
  );
  expect([verdict, sentence]).toEqual(['good', 'The pods of payroll with app=sidekiq can be listed.']);
});

test('no pod that matches is a warning, for then nothing is told of how workers end', async () => {
  const { verdict, sentence, remedy } = await found(200, NONE);
  expect([verdict, sentence]).toEqual([
    'warning',
    'No pod is there in payroll with app=sidekiq, so nothing will be told of how workers end.',
  ]);
  expect(remedy).toContain('kubectl get pods -n payroll --show-labels');
});

test.each([
  [403, answer('forbidden'), 'does not let this bot list the pods of payroll', '--verb=list --resource=pods'],
  [401, '{}', 'its token is missing or has expired', 'automountServiceAccountToken'],
  [400, '{}', 'does not understand the label selector app=sidekiq', 'kubernetes.selector'],
  [404, '{}', 'knows no namespace payroll', 'kubernetes.namespace'],
  [500, 'hunter2', 'could not be reached at 127.0.0.1:', 'Look at the network'],
  [200, '{"message":"please log in"}', 'gives no list of pods', 'Look at the network and at the address'],
])('an answer of %d is wrong, with what to put right', async (status, body, words, todo) => {
  const { verdict, sentence, remedy } = await found(status, body);
  expect([verdict, sentence]).toEqual(['wrong', expect.stringContaining(words)]);
  expect(remedy).toContain(todo);
});

test('a kubeconfig that is not there is named', async () => {
  const settings = { namespace: 'payroll', selector: '', kubeconfig: '/nowhere' };
  expect(await examineKubernetes(settings)).toEqual({
    type: 'unread',
    fault: 'kubeconfig',
    sentence: '/nowhere can’t be read, or names no cluster.',
  });
});
