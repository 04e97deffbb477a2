import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { card, connect, ended, OK, send, started } from '../test/started-addon.ts';
import { settled } from './clock.ts';
import { MockPcsc } from './mock-pcsc.ts';
import { AddonTrapError } from './traps.ts';

describe('a trap of the addon', () => {
  test('close in a listener of the same reader throws instead of waiting for itself', async () => {
    const { mock, slot, context, reader } = await started();
    let caught: unknown;
    reader.on('status', () => {
      try {
        reader.close();
      } catch (error) {
        caught = error;
      }
    });
    slot.remove();
    await settled();
    expect(caught).toBeInstanceOf(AddonTrapError);
    expect(mock.traps).toMatchObject([{ kind: 'deadlock' }]);
    await ended(context);
  });

  test('close of a context before its first list throws', async () => {
    const mock = new MockPcsc();
    const context = mock.addon();
    context.on('error', () => undefined);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(() => context.close()).toThrow(AddonTrapError);
    await settled();
    context.close();
    await settled();
  });

  test('a reader object that is collected without a question for its status is noted', async () => {
    const { mock, context, reader } = await started();
    Reflect.construct(reader.constructor, ['R']);
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    for (let round = 0; round < 20 && mock.traps.length === 0; round++) {
      if (typeof collect === 'function') collect();
      await settled();
    }
    expect(mock.traps).toMatchObject([{ kind: 'crash' }]);
    await ended(context);
  });

  test('a status while the own card computes is noted as a stopped event loop, and comes late', async () => {
    let answer: (value: Uint8Array) => void = () => undefined;
    const slow = card(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const { mock, slot, context, reader, statuses } = await started({}, slow);
    await connect(reader);
    await settled();
    const before = statuses.length;
    const sent = send(reader, OK);
    await settled();
    slot.remove();
    await settled();
    expect(statuses).toHaveLength(before);
    answer(OK);
    await sent;
    await settled();
    expect(statuses.length).toBeGreaterThan(before);
    expect(mock.traps).toMatchObject([{ kind: 'blocked' }]);
    await ended(context);
  });
});
