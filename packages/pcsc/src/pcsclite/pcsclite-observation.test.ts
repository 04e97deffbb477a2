import { describe, expect, test } from 'vitest';
import { log, start } from '../../test/fake-pcsclite.ts';
import { ScardFailure } from '../binding.ts';
import { pcscliteBinding } from './pcsclite-binding.ts';

describe('an observation', () => {
  test('reports an empty list at once, although the addon has no event for it', async () => {
    const { observation, updates, listed } = start();
    await listed();
    expect(updates).toEqual([[]]);
    await observation.close();
  });

  test('reports first when every reader has told its state', async () => {
    const { context, observation, updates, listed } = start('A', 'B');
    await listed();
    context.status(0, { state: 0x0003_0122, atr: Buffer.of(0x3b, 0x00) });
    expect(updates).toEqual([]);
    context.status(1, { state: 0x0000_0012, atr: Buffer.alloc(0) });
    expect(updates).toEqual([
      [
        { name: 'A', cardPresent: true, unresponsive: false, atr: Uint8Array.of(0x3b, 0x00), changes: 3 },
        { name: 'B', cardPresent: false, unresponsive: false, changes: 0 },
      ],
    ]);
    await observation.close();
  });

  test('closes readers and context outside their listeners, and swallows the error of closing', async () => {
    const { context, observation, lost, listed } = start('A');
    await listed();
    let closing: Promise<void> | undefined;
    context.readers[0]?.on('status', () => {
      closing = observation.close();
    });
    context.status(0, { state: 0x12 });
    expect(log).toEqual([]);
    await closing;
    expect(log).toEqual(['close A', 'close context']);
    expect(lost).toEqual([]);
  });

  test('ends when the service goes away, and can still be closed', async () => {
    const { context, observation, updates, lost, listed } = start('A');
    await listed();
    context.status(0, { state: 0x12 });
    context.readers[0]?.emit(
      'error',
      new Error('SCardGetStatusChange error: RPC transport error.(0x80100013)'),
    );
    context.emit('error', new Error('SCardGetStatusChange error: RPC transport error.(0x80100013)'));
    expect(lost).toMatchObject([{ name: 'ScardFailure', scardCode: 0x80100013 }]);
    const count = updates.length;
    context.status(0, { state: 0x12 });
    expect(updates).toHaveLength(count);
    await observation.close();
    expect(log).toContain('close context');
  });

  test('that is closed before its first report waits for it, since the addon would not end', async () => {
    const { context, observation, updates, listed } = start('A');
    const closing = observation.close();
    await listed();
    expect(log).toEqual([]);
    context.status(0, { state: 0x12 });
    await closing;
    expect(log).toEqual(['close A', 'close context']);
    expect(updates).toEqual([]);
  });

  test('turns the error of a service that is not there into a failure with a code', () => {
    const binding = pcscliteBinding(() => () => {
      throw new Error('SCardEstablishContext error: Service not available.(0x8010001d)');
    });
    const observe = () => binding.observe({ update: () => undefined, lost: () => undefined });
    expect(observe).toThrow(ScardFailure);
  });
});
