import { describe, expect, test, vi } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import { gate } from '../test/gate.ts';
import { TransactingChannel } from '../test/transacting-channel.ts';
import { Card } from './card.ts';

const ok = () => new FakeChannel(() => '9000');
const get = (p2: number) => ({ cla: 0x00, ins: 0xca, p1: 0, p2 });

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
