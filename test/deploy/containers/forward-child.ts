import { createServer, connect as dial } from 'node:net';
import { join } from './joined.ts';

/** `node forward-child.ts PORT SOCKET`: whoever connects to this port here reaches that socket, which lies outside of this network. */

const [, , port = '', socketPath = ''] = process.argv;
const server = createServer((client) => join(client, dial(socketPath)));
server.listen(Number(port), '0.0.0.0', () => console.log('ready'));
