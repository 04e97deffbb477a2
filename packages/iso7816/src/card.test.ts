import { describe, expect, test, vi } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import { Card } from './card.ts';
import type { CardSession } from './card-session.ts';
import { toHex } from './hex.ts';

const ok = () => new FakeChannel(() => '9000');
const get = (p2: number) => ({ cla: 0x00, ins: 0xca, p1: 0, p2 });

/** A promise and the function that settles it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A channel whose transactions are recorded, and which begins one only when `mayBegin` says so. */
class TransactingChannel extends FakeChannel {
  readonly events: string[] = [];
  mayBegin: Promise<void> = Promise.resolve();

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.mayBegin;
    this.events.push('begin');
    try {
      return await work();
    } finally {
      this.events.push('end');
    }
  }
}

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

describe('a signal', () => {
  test('that is aborted already keeps the work from running', async () => {
    const reason = new Error('no');
    let ran = false;
    const run = new Card(ok()).exclusive(
      async () => {
        ran = true;
      },
      { signal: AbortSignal.abort(reason) },
    );
    await expect(run).rejects.toBe(reason);
    expect(ran).toBe(false);
  });

  test('that aborts while waiting rejects at once; the work never runs and the queue goes on', async () => {
    const first = gate();
    const card = new Card(ok());
    const order: string[] = [];
    const running = card.exclusive(async () => {
      await first.opened;
      order.push('first');
    });
    const controller = new AbortController();
    const waiting = card.exclusive(async () => order.push('aborted'), { signal: controller.signal });
    const last = card.exclusive(async () => order.push('last'));
    const reason = new DOMException('enough', 'TimeoutError');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(order).toEqual([]);
    first.open();
    await Promise.all([running, last]);
    expect(order).toEqual(['first', 'last']);
  });

  test('that aborts while another process holds the card rejects at once, and the work never runs', async () => {
    const channel = new TransactingChannel(() => '9000');
    const free = gate();
    channel.mayBegin = free.opened;
    const card = new Card(channel);
    const controller = new AbortController();
    let ran = false;
    const waiting = card.exclusive(
      async () => {
        ran = true;
      },
      { signal: controller.signal },
    );
    await new Promise(setImmediate);
    controller.abort();
    await expect(waiting).rejects.toBe(controller.signal.reason);
    free.open();
    expect(await card.exclusive(async () => 'next')).toBe('next');
    expect(ran).toBe(false);
    expect(channel.events).toEqual(['begin', 'end', 'begin', 'end']);
  });

  test('is looked at between two commands; the one under way is not abandoned', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const channel = new FakeChannel(() => {
      controller.abort(reason);
      return '6A82';
    });
    const seen: number[] = [];
    const run = new Card(channel).exclusive(
      async (session) => {
        seen.push((await session.transmit(get(1))).sw);
        await session.transmit(get(2));
      },
      { signal: controller.signal },
    );
    await expect(run).rejects.toBe(reason);
    expect(seen).toEqual([0x6a82]);
    expect(channel.sent.length).toBe(1);
  });

  test('does not turn the outcome of finished work into an abort', async () => {
    const controller = new AbortController();
    const run = new Card(ok()).exclusive(
      async (session) => {
        await session.transmit(get(1));
        controller.abort();
        return 'done';
      },
      { signal: controller.signal },
    );
    expect(await run).toBe('done');
  });

  test('does not keep the command that locks the card from being sent', async () => {
    const controller = new AbortController();
    const channel = ok();
    await new Card(channel).exclusive(
      async (session) => {
        controller.abort();
        await session.selectDf(Uint8Array.of(0xa0), { evenIfAborted: true });
      },
      { signal: controller.signal },
    );
    expect(channel.sent).toEqual(['00A4040C01A0']);
  });

  test('that is aborted already does not wait for the callers before', async () => {
    const first = gate();
    const card = new Card(ok());
    const running = card.exclusive(() => first.opened);
    const late = card.exclusive(async () => undefined, { signal: AbortSignal.abort() });
    await expect(late).rejects.toThrow('aborted');
    first.open();
    await running;
  });

  test('has no listeners left while the work runs, nor when its turn never comes', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    const left = () =>
      add.mock.calls.filter(([, added]) => !remove.mock.calls.some(([, gone]) => gone === added));
    await new Card(ok()).exclusive(async () => expect(left()).toEqual([]), { signal });

    const channel = new TransactingChannel(() => '9000');
    channel.mayBegin = Promise.reject(new Error('busy'));
    const card = new Card(channel);
    await expect(card.exclusive(async () => 1, { signal })).rejects.toThrow('busy');
    channel.mayBegin = Promise.resolve();
    await card.exclusive(async () => 2);
    expect(add.mock.calls.length).toBe(2);
    expect(left()).toEqual([]);
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
