import { createServer, connect as dial, type Socket } from 'node:net';

/** Between bot and Redis: lets a number of answers through, then swallows what comes and cuts the line. */
export class CuttingProxy implements AsyncDisposable {
  cuts = 0;
  readonly #server = createServer((client) => this.#join(client));
  readonly #sockets = new Set<Socket>();
  readonly #target: number;
  readonly #maxCuts: number;

  constructor(target: number, maxCuts: number) {
    this.#target = target;
    this.#maxCuts = maxCuts;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
    return `redis://127.0.0.1:${address.port}/0`;
  }

  #join(client: Socket): void {
    const upstream = dial(this.#target, '127.0.0.1');
    const sockets = [client, upstream];
    const cut = () => {
      for (const socket of sockets) socket.destroy();
    };
    for (const socket of sockets) {
      this.#sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    // The first answers are those of the connecting itself.
    let answers = 5 + Math.floor(Math.random() * 60);
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => {
      answers -= 1;
      if (answers > 0 || this.cuts >= this.#maxCuts) client.write(data);
      else {
        this.cuts += 1;
        cut();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
