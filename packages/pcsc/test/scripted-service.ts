import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND, nextRequest, numbers, type Received, read32, write32 } from './scripted-messages.ts';

/**
 * Who is let in with another minor version than the service's own, as the releases of pcsc-lite do it: `none`
 * before 2.4.1; `all` in 2.4.1, which also lets newer ones in; `older` since 2.5.0.
 */
export type Leniency = 'none' | 'all' | 'older';

/** A reader of the service. */
export interface ScriptedReader {
  readonly name: string;
  readonly changes?: number;
  /** Bits of pcsc-lite: 2 absent, 4 present, 8 swallowed, 0x10 powered, 0x20 negotiable. */
  readonly state?: number;
  readonly sharing?: number;
  readonly atr?: Uint8Array;
  /** 1 is T=0, 2 is T=1. */
  readonly protocol?: number;
}

/** Answers in place of the service: bytes, nothing at all, or the end of the connection. */
export type Override = (received: Received) => Buffer | 'silence' | 'close' | undefined;

export interface ScriptedServiceOptions {
  readonly major?: number;
  readonly minor?: number;
  readonly leniency?: Leniency;
  readonly readers?: readonly ScriptedReader[];
  /** The card in every reader. */
  readonly answer?: (command: Buffer) => Uint8Array;
  readonly override?: Override;
  /** Sends every answer in pieces of so many bytes, each on its own turn of the event loop. */
  readonly piece?: number;
  /** Hangs up on everybody, as a service does whose polkit rule refuses the user. */
  readonly refusesUsers?: boolean;
}

const STATE_SIZE = 184;
const OLD_LIMIT = 16;
const SERVICE_STOPPED = 0x8010001e;
const SHARING_VIOLATION = 0x8010000b;
const UNKNOWN_READER = 0x80100009;

/** A PC/SC service that is all script: pcscd's side of the socket, in the dialects 4:4 to 4:6, told from its source. */
export class ScriptedService implements AsyncDisposable {
  readonly path: string;
  /** The commands in the order they came, from all clients. */
  readonly received: Received[] = [];
  /** The minor versions that were announced. */
  readonly announced: number[] = [];
  readers: readonly ScriptedReader[];
  override: Override | undefined;
  readonly #options: ScriptedServiceOptions;
  readonly #server: Server;
  readonly #clients: Set<Socket> = new Set();
  readonly #waiting: Set<Socket> = new Set();
  readonly #oldDialect: Set<Socket> = new Set();
  #transaction: Socket | undefined;
  #handles = 1_000;

  private constructor(path: string, options: ScriptedServiceOptions) {
    this.path = path;
    this.#options = options;
    this.readers = options.readers ?? [];
    this.override = options.override;
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(options: ScriptedServiceOptions = {}): Promise<ScriptedService> {
    const folder = await mkdtemp(join(tmpdir(), 'jpki-scripted-'));
    const service = new ScriptedService(join(folder, 'comm'), options);
    service.#server.listen(service.path);
    await once(service.#server, 'listening');
    return service;
  }

  /** Clients that are connected now. */
  get clients(): number {
    return this.#clients.size;
  }

  /** Clients that wait for a change now. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Changes the readers and tells everybody who waits for it. */
  change(readers: readonly ScriptedReader[]): void {
    this.readers = readers;
    for (const client of this.#waiting) void this.#send(client, numbers(0, 0));
    this.#waiting.clear();
  }

  /** Hangs up on all clients. */
  hangUp(): void {
    for (const client of this.#clients) client.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.hangUp();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
    await rm(join(this.path, '..'), { recursive: true, force: true });
  }

  /** The states as the service of this dialect sends them. */
  states(readers: readonly ScriptedReader[], slots: number): Buffer {
    const bytes = Buffer.alloc(slots * STATE_SIZE);
    for (const [index, reader] of readers.slice(0, slots).entries()) {
      const at = index * STATE_SIZE;
      bytes.write(reader.name, at);
      const { changes = 0, state = 2, sharing = 0, atr = new Uint8Array(), protocol = 0 } = reader;
      for (const [offset, value] of [changes, state, sharing].entries())
        write32(bytes, at + 128 + offset * 4, value);
      bytes.set(atr, at + 140);
      write32(bytes, at + 176, atr.length);
      write32(bytes, at + 180, protocol);
    }
    return bytes;
  }

  #serve(client: Socket): void {
    this.#clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => {
      for (const set of [this.#clients, this.#waiting, this.#oldDialect]) set.delete(client);
      if (this.#transaction === client) this.#transaction = undefined;
    });
    if (this.#options.refusesUsers) {
      client.destroy();
      return;
    }
    let buffered = Buffer.alloc(0);
    let sending = Promise.resolve();
    client.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      for (;;) {
        const received = nextRequest(buffered, client);
        if (!received) return;
        buffered = buffered.subarray(8 + received.body.length + received.data.length);
        this.received.push(received);
        const answer = this.override?.(received) ?? this.#answer(received);
        if (answer === 'close') client.destroy();
        else if (answer !== 'silence') sending = sending.then(() => this.#send(client, answer));
      }
    });
  }

  async #send(client: Socket, bytes: Buffer): Promise<void> {
    const { piece = bytes.length } = this.#options;
    for (let at = 0; at < bytes.length && !client.destroyed; at += piece) {
      client.write(bytes.subarray(at, at + piece));
      if (piece < bytes.length) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #answer(received: Received): Buffer | 'silence' | 'close' {
    const { command, client } = received;
    const slots = Math.max(OLD_LIMIT, Math.ceil(this.readers.length / OLD_LIMIT) * OLD_LIMIT);
    const { minor = 4 } = this.#options;
    if (command === COMMAND.version) return this.#version(received);
    if (command === COMMAND.readerStates) return this.states(this.readers, OLD_LIMIT);
    if (command === COMMAND.waitForChange) {
      this.#waiting.add(client);
      const tells = minor < 6 || this.#oldDialect.has(client);
      return tells ? this.states(this.readers, OLD_LIMIT) : 'silence';
    }
    if (command === COMMAND.stopWaiting) return this.#waiting.delete(client) ? numbers(0, 0) : 'silence';
    if (command === COMMAND.readerStatesSize && minor >= 6) return numbers(slots);
    if (command === COMMAND.allReaderStates && minor >= 6) return this.states(this.readers, slots);
    return this.#answerCard(received);
  }

  #version({ body, client }: Received): Buffer {
    const { major = 4, minor = 4, leniency = 'none' } = this.#options;
    const announced = read32(body, 4);
    this.announced.push(announced);
    const isWelcome =
      read32(body, 0) === major &&
      (announced === minor || leniency === 'all' || (leniency === 'older' && announced < minor));
    if (announced !== minor) this.#oldDialect.add(client);
    return numbers(major, minor, isWelcome ? 0 : SERVICE_STOPPED);
  }

  #answerCard({ command, body, data, client }: Received): Buffer | 'close' {
    const rest = (rv: number) => Buffer.concat([body.subarray(0, -4), numbers(rv)]);
    const isLocked = this.#transaction !== undefined && this.#transaction !== client;
    switch (command) {
      case COMMAND.establishContext:
        return numbers(read32(body, 0), ++this.#handles, 0);
      case COMMAND.connect: {
        const name = body.toString('utf8', 4, body.indexOf(0, 4));
        if (!this.readers.some((reader) => reader.name === name)) return rest(UNKNOWN_READER);
        return Buffer.concat([body.subarray(0, 140), numbers(++this.#handles, 2, 0)]);
      }
      case COMMAND.reconnect:
        return Buffer.concat([body.subarray(0, 16), numbers(1, 0)]);
      case COMMAND.beginTransaction:
        if (isLocked) return rest(SHARING_VIOLATION);
        this.#transaction = client;
        return rest(0);
      case COMMAND.endTransaction:
        this.#transaction = undefined;
        return rest(0);
      case COMMAND.transmit:
        return isLocked ? rest(SHARING_VIOLATION) : this.#response(body, data);
      case COMMAND.control:
        return Buffer.concat([body.subarray(0, 16), numbers(data.length, 0), data]);
      case COMMAND.getAttribute:
        return attribute(body);
      case COMMAND.releaseContext:
      case COMMAND.disconnect:
      case COMMAND.status:
        return rest(0);
      default:
        // As pcscd does with what it does not know.
        return 'close';
    }
  }

  #response(body: Buffer, command: Buffer): Buffer {
    const response = this.#options.answer?.(command) ?? Uint8Array.of(0x90, 0x00);
    return Buffer.concat([body.subarray(0, 24), numbers(response.length, 0), response]);
  }
}

/** Each attribute is its own number. */
function attribute(body: Buffer): Buffer {
  const value = numbers(read32(body, 4));
  return Buffer.concat([body.subarray(0, 8), value, Buffer.alloc(260), numbers(value.length, 0)]);
}
