import { expect, test } from 'vitest';
import type { CardLink } from '../connection/card-link.ts';
import { CallGate } from './call-gate.ts';

const gate = () => new CallGate({ isOccupied: false, isBroken: false } as CardLink, 'Reader A');

test('a call with none before it begins at once, the others in turn', async () => {
  const calls = gate();
  const begun: string[] = [];
  const end: (() => void)[] = [];
  const call = (name: string) =>
    calls.next(() => {
      begun.push(name);
      return new Promise<void>((resolve) => end.push(resolve));
    });
  const first = call('first');
  expect(begun).toEqual(['first']);
  const second = call('second');
  const third = call('third');
  expect(begun).toEqual(['first']);
  end.shift()?.();
  await first;
  await Promise.resolve();
  expect(begun).toEqual(['first', 'second']);
  end.shift()?.();
  await second;
  await Promise.resolve();
  end.shift()?.();
  await third;
  expect(begun).toEqual(['first', 'second', 'third']);
});

test('whoever waited for a call finds nothing before the next one, also after a failure', async () => {
  const calls = gate();
  await calls.next(async () => 1);
  await calls.next(() => Promise.reject(new Error('refused'))).catch(() => undefined);
  await calls
    .next(() => {
      throw new Error('thrown');
    })
    .catch(() => undefined);
  let begun = false;
  const last = calls.next(async () => {
    begun = true;
  });
  expect(begun).toBe(true);
  await last;
});

test('a call made inside another waits for its end', async () => {
  const calls = gate();
  const order: string[] = [];
  let inner: Promise<unknown> | undefined;
  await calls.next(async () => {
    inner = calls.next(async () => order.push('inner'));
    order.push('outer');
  });
  await inner;
  expect(order).toEqual(['outer', 'inner']);
});

test('a closed gate waits for the calls before', async () => {
  const calls = gate();
  let ended = false;
  const call = calls.next(async () => {
    await Promise.resolve();
    ended = true;
  });
  await calls.close();
  expect(ended).toBe(true);
  await call;
  await expect(calls.next(async () => 1)).rejects.toMatchObject({ code: 'ERR_PCSC_CLOSED' });
});
