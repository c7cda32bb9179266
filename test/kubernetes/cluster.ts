import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An answer in the shapes of the Kubernetes API. */
export const answer = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'answers', `${name}.json`), 'utf8');

/** An API server that gives one answer, and a kubeconfig that leads to it. */
export async function aCluster(status: number, body: string) {
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
    settings: { namespace: 'payroll', selector: 'app=sidekiq', kubeconfig },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
}
