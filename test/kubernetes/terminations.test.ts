import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTerminations } from '../../src/kubernetes/terminations.ts';

const answer = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'answers', `${name}.json`), 'utf8');

/** An API server that gives one answer, in the shapes of the Kubernetes API, and a kubeconfig that leads to it. */
async function aCluster(status: number, body: string) {
  const asked: {
    readonly method: string | undefined;
    readonly url: URL;
    readonly token: string | undefined;
  }[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://cluster');
    asked.push({ method: request.method, url, token: request.headers.authorization });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), 'poison-control-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'here', user: 'bot' } }],
      // Plain HTTP on this machine: the library wants it said that there is no TLS to verify.
      clusters: [
        {
          name: 'here',
          cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true },
        },
      ],
      users: [{ name: 'bot', user: { token: 'hunter2' } }],
    }),
  );
  return {
    asked,
    reader: openTerminations({ namespace: 'payroll', selector: 'app=sidekiq', kubeconfig }),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
}

test('the last end of each container is read with one listing, and nothing is changed', async () => {
  await using cluster = await aCluster(200, answer('pods'));
  expect(await cluster.reader.terminations()).toEqual({
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
])('a refusal (%d) is a sentence without secrets', async (status, body, sentence) => {
  await using cluster = await aCluster(status, body);
  const told = await cluster.reader.terminations();
  expect(told).toMatchObject({ kind: 'unread', sentence: expect.stringMatching(sentence) });
  expect(JSON.stringify(told)).not.toContain('hunter2');
});

test('no cluster at all is a sentence too', async () => {
  const reader = openTerminations({ namespace: 'payroll', selector: '', kubeconfig: '/nowhere' });
  expect(await reader.terminations()).toEqual({
    kind: 'unread',
    sentence: 'Kubernetes could not be reached.',
  });
});
