import { once } from 'node:events';
import { createServer, connect as dial } from 'node:net';
import { join } from 'node:path';
import { startGuarded } from '../../../src/sandbox/guarded.ts';
import type { Engine } from './engine.ts';
import { join as joinSockets } from './joined.ts';

/**
 * Containers reach a server of this test, which listens on this machine's loopback, at the same port of their host: over a socket in
 * the file system, for that is all that their network and this machine's have in common.
 */
export async function openDoor(engine: Engine, port: number): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const path = join(engine.shared, `${port}.sock`);
  const server = createServer((client) => joinSockets(client, dial(port, '127.0.0.1')));
  stack.defer(() => {
    server.close();
  });
  await once(server.listen(path), 'listening');
  const forward = await startGuarded(
    'nsenter',
    [
      `--net=/proc/${engine.networkPid}/ns/net`,
      process.execPath,
      join(import.meta.dirname, 'forward-child.ts'),
      String(port),
      path,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  stack.defer(async () => {
    await forward.kill();
  });
  if (forward.child.stdout !== null) await once(forward.child.stdout, 'data');
  return stack.move();
}
