import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type BindingName, openPcsc } from '@jpki/pcsc';
import { bareSocket } from './bare-socket.ts';
import type { OpenWay } from './way.ts';

type Callback<T = unknown> = (error: unknown, value: T) => void;

interface AddonReader {
  readonly name: string;
  on(event: string, listener: (value: unknown) => void): void;
  connect(options: object, done: Callback<number>): void;
  transmit(command: Buffer, length: number, protocol: number, done: Callback<Uint8Array>): void;
  disconnect(disposition: number, done: Callback): void;
  close(): void;
}

interface AddonContext {
  on(event: string, listener: (value: AddonReader) => void): void;
  close(): void;
}

/** A library from the folder of peers: none of them is a dependency of this workspace. */
const peer = createRequire(pathToFileURL(`${process.env['BENCH_PEERS'] ?? '.'}/candidate.js`));

/** The layer of this project over one of its bindings. */
function ours(binding: BindingName): OpenWay {
  return async (reader) => {
    const pcsc = await openPcsc({ binding });
    const channel = await pcsc.connect(reader, { share: 'shared', disposition: 'leave' });
    return { transmit: (command) => channel.transmit(command), close: () => pcsc.close() };
  };
}

/** pcsclite and its fork have the same API. */
function addon(name: string): OpenWay {
  return async (wanted) => {
    const context: AddonContext = peer(name)();
    const reader = await new Promise<AddonReader>((resolve) => {
      context.on('error', () => undefined);
      context.on('reader', (found) => {
        found.on('error', () => undefined);
        if (found.name === wanted) resolve(found);
      });
    });
    const protocol = await promised<number>((done) => reader.connect({ share_mode: 2, protocol: 3 }, done));
    return {
      transmit: (command) =>
        promised<Uint8Array>((done) => reader.transmit(Buffer.from(command), 65_538, protocol, done)),
      async close() {
        await promised((done) => reader.disconnect(0, done));
        process.exit(0);
      },
    };
  };
}

/** pcsc-mini as its README shows it. */
const mini: OpenWay = async (wanted) => {
  const { Client, CardMode, CardDisposition } = peer('pcsc-mini');
  const client = new Client();
  const reader = await new Promise<{ connect(mode: unknown): Promise<MiniCard> }>((resolve) => {
    client.on('reader', (found: { name(): string; connect(mode: unknown): Promise<MiniCard> }) => {
      if (found.name() === wanted) resolve(found);
    });
    client.start();
  });
  const card = await reader.connect(CardMode.SHARED);
  return {
    transmit: (command) => card.transmit(command),
    async close() {
      await card.disconnect(CardDisposition.LEAVE);
      client.stop();
      process.exit(0);
    },
  };
};

interface MiniCard {
  transmit(command: Uint8Array): Promise<Uint8Array>;
  disconnect(disposition: unknown): Promise<void>;
}

function promised<T>(start: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}

/** The bindings of this project, by the name in the tables. */
export const BINDINGS: Readonly<Record<string, BindingName>> = {
  'jpki: socket client': 'socket',
  'jpki: pcsclite addon': 'pcsclite',
  'jpki: pcsc-mini': 'pcsc-mini',
};

/** Every way in JavaScript, by the name in the tables. */
export const WAYS: Readonly<Record<string, OpenWay>> = {
  'floor: a bare socket of Node': bareSocket,
  ...Object.fromEntries(Object.entries(BINDINGS).map(([name, binding]) => [name, ours(binding)])),
  'pcsclite 1.0.1 alone': addon('pcsclite'),
  '@pokusew/pcsclite 0.6.0 alone': addon('@pokusew/pcsclite'),
  'pcsc-mini 0.1.3 alone': mini,
};
