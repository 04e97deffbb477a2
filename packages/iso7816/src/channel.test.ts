import { expect, test } from 'vitest';
import { answering } from '../test/fake-channel.ts';
import { type CardChannel, type ChannelLayer, layered } from './channel.ts';
import { fromHex, toHex } from './hex.ts';
import { getResponse, tolerateFirstFailure } from './layers.ts';

const appending =
  (byte: number): ChannelLayer =>
  (inner) => ({
    atr: inner.atr,
    transmit: (command) => inner.transmit(Uint8Array.of(...command, byte)),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  });

test('the first layer is next to the card', async () => {
  const channel = answering('9000');
  await layered(channel, appending(1), appending(2)).transmit(fromHex('00A40000'));
  expect(channel.sent).toEqual(['00A400000201']);
});

test('no layers leave the channel as it is', () => {
  const channel = answering();
  expect(layered(channel)).toBe(channel);
});

test('our layers pass on ATR, closing, and a transaction exactly where the channel has one', async () => {
  const channel = answering();
  const card = layered(channel, tolerateFirstFailure(), getResponse());
  expect(toHex(card.atr)).toBe('3B00');
  expect(card.transaction).toBeUndefined();
  await card[Symbol.asyncDispose]();
  expect(channel.closed).toBe(1);

  const calls: string[] = [];
  const transacting: CardChannel = {
    atr: channel.atr,
    transmit: (command) => channel.transmit(command),
    transaction: async <T>(work: () => Promise<T>) => {
      calls.push('begin');
      try {
        return await work();
      } finally {
        calls.push('end');
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const outer = layered(transacting, tolerateFirstFailure(), getResponse());
  expect(await outer.transaction?.(async () => calls.push('work'))).toBe(2);
  expect(calls).toEqual(['begin', 'work', 'end']);
});
