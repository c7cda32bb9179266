import { createServer, connect as dial } from 'node:net';

/** `node forward-child.ts PORT SOCKET`: whoever connects to this port here reaches that socket, which lies outside of this network. */

const [, , port = '', socketPath = ''] = process.argv;
const server = createServer((client) => {
  const beyond = dial(socketPath);
  const end = () => {
    client.destroy();
    beyond.destroy();
  };
  for (const side of [client, beyond]) side.on('error', end).on('close', end);
  client.pipe(beyond).pipe(client);
});
server.listen(Number(port), '0.0.0.0', () => console.log('ready'));
