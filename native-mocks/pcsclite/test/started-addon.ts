import type { AddonContext } from '../src/addon-context.ts';
import type { AddonReader } from '../src/addon-reader.ts';
import { settled } from '../src/clock.ts';
import { MockPcsc, type MockPcscOptions } from '../src/mock-pcsc.ts';

export const OK = Uint8Array.of(0x90, 0x00);
export const card = (answer: () => Promise<Uint8Array> = async () => OK) => ({
  atr: Uint8Array.of(0x3b, 0x00),
  transmit: answer,
});

/** A mock with a card in its one reader, and the addon on it after its first reports. */
export async function started(options: MockPcscOptions = {}, inserted = card()) {
  const mock = new MockPcsc(options);
  const slot = mock.addReader('R');
  slot.insert(inserted);
  const context = mock.addon();
  const errors: unknown[] = [];
  const statuses: number[] = [];
  context.on('error', (error) => errors.push(error));
  context.on('reader', (reader: AddonReader) => {
    reader.on('error', (error) => errors.push(error));
    reader.on('status', ({ state }) => statuses.push(state));
  });
  await settled();
  const [reader] = Object.values(context.readers);
  if (!reader) throw new Error('the addon has no reader');
  return { mock, slot, context, reader, errors, statuses };
}

export const called = <T>(start: (done: (error: unknown, value?: unknown) => void) => T) =>
  new Promise<unknown>((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });

export const connect = (reader: AddonReader) => called((done) => reader.connect({ share_mode: 2 }, done));
export const send = (reader: AddonReader, command: Uint8Array, room = 258) =>
  called((done) => reader.transmit(Buffer.from(command), room, 2, done));

export async function ended(context: AddonContext): Promise<void> {
  for (const reader of Object.values(context.readers)) reader.close();
  context.close();
  await settled();
}
