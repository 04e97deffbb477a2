import { describe, expect, test } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import { gate } from '../test/gate.ts';
import { TransactingChannel } from '../test/transacting-channel.ts';
import { Card } from './card.ts';
import type { CardSession } from './card-session.ts';
import { toHex } from './hex.ts';

const ok = () => new FakeChannel(() => '9000');
const get = (p2: number) => ({ cla: 0x00, ins: 0xca, p1: 0, p2 });

describe('exclusive', () => {
  test('returns what the work returns', async () => {
    expect(await new Card(ok()).exclusive(async () => 42)).toBe(42);
  });

  test('callers run one after another, in the order they came', async () => {
    const channel = new FakeChannel(async () => {
      await new Promise(setImmediate);
      return '9000';
    });
    const card = new Card(channel);
    const runs = [1, 2, 3].map((caller) =>
      card.exclusive(async (session) => {
        await session.transmit(get(caller));
        await session.transmit(get(caller));
      }),
    );
    await Promise.all(runs);
    expect(channel.sent.map((command) => command.slice(-2))).toEqual(['01', '01', '02', '02', '03', '03']);
  });

  test('an error in one caller does not stop the next', async () => {
    const card = new Card(ok());
    const failing = card.exclusive(async () => {
      throw new Error('mine');
    });
    const next = card.exclusive(async () => 'next');
    await expect(failing).rejects.toThrow('mine');
    expect(await next).toBe('next');
  });

  test('work that throws before its first await is a rejection too', async () => {
    const card = new Card(ok());
    await expect(
      card.exclusive(() => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
    expect(await card.exclusive(async () => 'next')).toBe('next');
  });

  test('a session is refused after its end, and sends nothing', async () => {
    const channel = ok();
    const card = new Card(channel);
    let escaped: CardSession | undefined;
    await card.exclusive(async (session) => {
      escaped = session;
    });
    await expect(escaped?.transmit(get(1))).rejects.toThrow(TypeError);
    await expect(escaped?.selectEf(1)).rejects.toThrow(TypeError);
    await expect(escaped?.readFile()).rejects.toThrow(TypeError);
    await expect(escaped?.transmit(get(1), { evenIfAborted: true })).rejects.toThrow(TypeError);
    expect(channel.sent).toEqual([]);
  });

  test('a command that nobody awaited ends before the next caller begins', async () => {
    const answer = gate();
    const channel = new FakeChannel(async (_, index) => {
      if (index === 0) await answer.opened;
      return '9000';
    });
    const card = new Card(channel);
    let forgotten: Promise<unknown> = Promise.resolve();
    const first = card.exclusive(async (session) => {
      forgotten = session.transmit(get(1));
    });
    const second = card.exclusive((session) => session.transmit(get(2)));
    await new Promise(setImmediate);
    expect(channel.sent.length).toBe(1);
    answer.open();
    await Promise.all([first, second, forgotten]);
    expect(channel.sent.length).toBe(2);
  });
});

describe('a transaction', () => {
  test('is held around the work when the link has one, and ends when the work throws', async () => {
    const channel = new TransactingChannel(() => '9000');
    const card = new Card(channel);
    await card.exclusive(async (session) => {
      await session.transmit(get(1));
      expect(channel.events).toEqual(['begin']);
    });
    const failing = card.exclusive(async () => {
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    expect(channel.events).toEqual(['begin', 'end', 'begin', 'end']);
  });

  test('that cannot begin is an error of that caller only', async () => {
    const channel = new TransactingChannel(() => '9000');
    channel.mayBegin = Promise.reject(new Error('busy'));
    const card = new Card(channel);
    await expect(card.exclusive(async () => 1)).rejects.toThrow('busy');
    channel.mayBegin = Promise.resolve();
    expect(await card.exclusive(async () => 2)).toBe(2);
  });
});

test('the ATR is the one of the channel', () => {
  expect(toHex(new Card(ok()).atr)).toBe('3B00');
});

describe('disposing', () => {
  test('waits for the callers in the queue', async () => {
    const channel = ok();
    const card = new Card(channel);
    const order: string[] = [];
    const work = card.exclusive(async (session) => {
      await session.transmit(get(1));
      order.push('work');
    });
    await Promise.all([work, card[Symbol.asyncDispose]().then(() => order.push('closed'))]);
    expect(order).toEqual(['work', 'closed']);
    expect(channel.closed).toBe(1);
  });

  test('a caller that comes while the card is closing waits until it is closed', async () => {
    const closing = gate();
    const channel = ok();
    channel[Symbol.asyncDispose] = () => closing.opened;
    const card = new Card(channel);
    const closed = card[Symbol.asyncDispose]();
    const late = card.exclusive((session) => session.transmit(get(1)));
    await new Promise(setImmediate);
    expect(channel.sent).toEqual([]);
    closing.open();
    await Promise.all([closed, late]);
  });

  test('happens after a caller failed', async () => {
    const channel = ok();
    const card = new Card(channel);
    const failing = card.exclusive(async () => {
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    await card[Symbol.asyncDispose]();
    expect(channel.closed).toBe(1);
  });
});

describe('getResponse', () => {
  test('fetches what 61xx announces, unless it is switched off', async () => {
    for (const [options, sw] of [
      [{}, 0x9000],
      [{ getResponse: false }, 0x6102],
    ] as const) {
      const channel = new FakeChannel((command) => (command === '00C0000002' ? 'AABB9000' : '6102'));
      const answer = await new Card(channel, options).exclusive((session) => session.transmit(get(1)));
      expect(answer.sw).toBe(sw);
    }
  });
});
