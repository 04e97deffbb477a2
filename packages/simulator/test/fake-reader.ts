import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { FrameReader } from '../src/vpcd/frames.ts';

/** One card in the fake reader, as the vpcd driver talks to it. */
export class InsertedCard {
  readonly #socket: Socket;
  readonly #bodies: AsyncIterator<Uint8Array>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#bodies = bodiesOf(socket);
  }

  /** Sends bytes as they are. */
  write(...bytes: readonly number[]): void {
    this.#socket.write(Uint8Array.from(bytes));
  }

  /** The next answer, in hex. */
  async answer(): Promise<string> {
    const { value, done } = await this.#bodies.next();
    if (done) throw new Error('the card left the reader');
    return Buffer.from(value).toString('hex').toUpperCase();
  }

  /** Resolves when the card left. */
  async gone(): Promise<void> {
    while (!(await this.#bodies.next()).done);
  }

  /** Ends the connection as a stopping service does. */
  eject(): void {
    this.#socket.destroy();
  }
}

async function* bodiesOf(socket: Socket): AsyncGenerator<Uint8Array> {
  const reader = new FrameReader();
  for await (const chunk of socket) yield* reader.push(chunk);
}

/** A TCP server in the place of the vpcd driver. */
export class FakeReader {
  #server: Server | undefined;
  port = 0;
  readonly #waiting: Socket[] = [];

  async start(): Promise<void> {
    this.#server = createServer((socket) => {
      socket.on('error', () => undefined);
      this.#waiting.push(socket);
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.close();
    await once(server, 'close');
  }

  /** The next card that is put in. */
  async card(): Promise<InsertedCard> {
    while (this.#waiting.length === 0 && this.#server) await once(this.#server, 'connection');
    const socket = this.#waiting.shift();
    if (socket === undefined) throw new Error('the reader is not running');
    return new InsertedCard(socket);
  }
}
