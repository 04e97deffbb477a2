import { describe, expect, test, vi } from 'vitest';
import { ATR, FakeBinding, reader, times } from '../../test/fake-binding.ts';
import { PcscError } from '../errors.ts';
import { openPcsc } from '../pcsc.ts';
import type { ReaderEvent } from './reader-events.ts';

describe('watch', () => {
  const watching = async (binding: FakeBinding) => {
    const pcsc = await openPcsc({ binding });
    const events: ReaderEvent[] = [];
    const done = (async () => {
      for await (const event of pcsc.watch()) events.push(event);
    })();
    const told = async (count: number) => {
      await vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(count), { timeout: 10_000 });
      return events.splice(0);
    };
    const end = async () => {
      await pcsc.close();
      await done;
    };
    return { told, end };
  };

  test('tells readers and cards that come and go', async () => {
    const binding = new FakeBinding([reader('A')]);
    const { told, end } = await watching(binding);
    expect(await told(1)).toEqual([
      { type: 'reader-added', reader: { name: 'A', cardPresent: false, unresponsive: false } },
    ]);
    binding.show(reader('A', 1, ATR));
    expect(await told(1)).toEqual([{ type: 'card-inserted', readerName: 'A', atr: ATR }]);
    binding.show(reader('A', 2));
    expect(await told(1)).toEqual([{ type: 'card-removed', readerName: 'A' }]);
    binding.show();
    expect(await told(1)).toEqual([{ type: 'reader-removed', readerName: 'A' }]);
    await end();
  });

  test('sees a card that was swapped between two looks', async () => {
    const binding = new FakeBinding([reader('A', 1, ATR)]);
    const { told, end } = await watching(binding);
    await told(2);
    binding.show(reader('A', 3, ATR));
    expect(await told(2)).toEqual([
      { type: 'card-removed', readerName: 'A' },
      { type: 'card-inserted', readerName: 'A', atr: ATR },
    ]);
    await end();
  });

  test('says nothing where nothing changed', async () => {
    const binding = new FakeBinding([reader('A', 1, ATR)]);
    const { told, end } = await watching(binding);
    await told(2);
    binding.show(reader('A', 1, ATR));
    binding.show(reader('A', 1, ATR), reader('B'));
    expect(await told(1)).toEqual([
      { type: 'reader-added', reader: { name: 'B', cardPresent: false, unresponsive: false } },
    ]);
    await end();
  });

  test('tells of a card that goes with its reader', async () => {
    const binding = new FakeBinding([reader('A', 1, ATR)]);
    const { told, end } = await watching(binding);
    await told(2);
    binding.show();
    expect(await told(2)).toEqual([
      { type: 'card-removed', readerName: 'A' },
      { type: 'reader-removed', readerName: 'A' },
    ]);
    await end();
  });

  test('tells of a service that was away for a moment only', async () => {
    const binding = new FakeBinding([reader('A', 1, ATR)]);
    const { told, end } = await watching(binding);
    await told(2);
    binding.lose(0x80100013);
    expect((await told(6)).map(({ type }) => type)).toEqual([
      ...['card-removed', 'reader-removed', 'service-stopped'],
      ...['service-started', 'reader-added', 'card-inserted'],
    ]);
    await end();
  });

  test('outlives a service that is silent for a while, but not from the start', async () => {
    const silence = new PcscError('silent', { code: 'ERR_PCSC_TIMEOUT', remedy: 'restart-service' });
    const binding = new FakeBinding([reader('A')]);
    const { told, end } = await watching(binding);
    await told(1);
    binding.failures.observe.push(silence);
    binding.lose(0x80100013);
    expect((await told(2)).at(-1)).toEqual({ type: 'service-stopped' });
    await vi.waitFor(() => expect(binding.observations).toBe(1), { timeout: 10_000 });
    expect((await told(2)).map(({ type }) => type)).toEqual(['service-started', 'reader-added']);
    await end();
    binding.failures.observe.push(silence);
    const again = (await openPcsc({ binding })).watch()[Symbol.asyncIterator]();
    await expect(again.next()).rejects.toBe(silence);
  });

  test('goes on after the service was away', async () => {
    const binding = new FakeBinding([reader('A')]);
    const { told, end } = await watching(binding);
    await told(1);
    binding.failures.observe.push(...times(4, 0x8010001d));
    binding.lose(0x80100013);
    expect(await told(2)).toEqual([{ type: 'reader-removed', readerName: 'A' }, { type: 'service-stopped' }]);
    await vi.waitFor(() => expect(binding.observations).toBe(1), { timeout: 10_000 });
    expect((await told(2)).map(({ type }) => type)).toEqual(['service-started', 'reader-added']);
    await end();
  });
});
