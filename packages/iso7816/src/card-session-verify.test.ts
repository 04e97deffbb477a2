import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { type Answer, answering, FakeChannel } from '../test/fake-channel.ts';
import { PIN_EF, pinOf, run, SELECT_PIN_EF, VERIFY, verifiesSent, verify } from '../test/pin-session.ts';
import {
  CardRemovedError,
  CardResetError,
  MalformedResponseError,
  PinOutcomeUnknownError,
} from './errors.ts';
import { toHex } from './hex.ts';

const isWiped = (bytes: Uint8Array | undefined) => bytes?.length === 9 && bytes.every((byte) => byte === 0);

describe('VERIFY', () => {
  test('sends one command with exactly the bytes of the PIN', async () => {
    const channel = answering('9000', '9000');
    await verify(channel, pinOf('4821'));
    expect(channel.sent).toEqual([SELECT_PIN_EF, VERIFY]);
  });

  test.each([1, 6, 16])('a PIN of %i bytes goes out as it is, without padding', async (length) => {
    const channel = answering('9000', '9000');
    await verify(channel, pinOf('A'.repeat(length)));
    expect(channel.sent[1]).toBe(`00200080${toHex(Uint8Array.of(length))}${'41'.repeat(length)}`);
  });

  const outcomes: [string, Answer][] = [
    ['success', () => '9000'],
    ['a wrong PIN', () => '63C2'],
    ['a blocked PIN', () => '6984'],
    ['a removed card', () => new CardRemovedError()],
    ['a malformed answer', () => '90'],
    ['a link that throws', () => Promise.reject(new Error('link'))],
  ];

  test.each(outcomes)('after %s, the command is overwritten and the PIN is used up', async (_, answer) => {
    const channel = new FakeChannel((hex, index) => (hex === VERIFY ? answer(hex, index) : '9000'));
    const pin = pinOf('4821');
    await verify(channel, pin).catch(() => undefined);
    expect(channel.sent).toEqual([SELECT_PIN_EF, VERIFY]);
    expect(isWiped(channel.buffers[1])).toBe(true);
    expect(pin.used).toBe(true);
  });

  test('the PIN inside is overwritten as well as the command around it', async () => {
    const fill = vi.spyOn(Uint8Array.prototype, 'fill');
    await verify(answering('9000', '63C2'), pinOf('4821')).catch(() => undefined);
    const wiped = fill.mock.contexts.flatMap((bytes) =>
      bytes instanceof Uint8Array && bytes.every((byte) => byte === 0) ? [bytes.length] : [],
    );
    fill.mockRestore();
    // The source given to Pin.fromBytes, the bytes of the Pin, and the command.
    expect(wiped).toEqual([4, 4, 9]);
  });

  test('the command is overwritten when the link throws before it promises anything', async () => {
    const channel = new FakeChannel(() => '9000');
    const pin = pinOf('4821');
    let command: Uint8Array | undefined;
    const failing = run(channel, async (session) => {
      await session.selectEf(PIN_EF);
      channel.transmit = (bytes) => {
        command = bytes;
        throw new Error('at once');
      };
      await session.verify(PIN_EF, pin);
    });
    await expect(failing).rejects.toThrow(PinOutcomeUnknownError);
    expect(isWiped(command)).toBe(true);
  });

  test.each<[string, string | Error]>([
    ['the card is removed', new CardRemovedError()],
    ['another program resets the card', new CardResetError()],
    ['the link fails in a way of its own', new Error('link')],
    ['the answer is empty', ''],
    ['the answer has one byte', '63'],
    ['the answer is longer than any can be', '00'.repeat(65_539)],
  ])('its outcome is unknown when %s, and it is not sent again', async (_, answer) => {
    const channel = answering('9000', answer);
    const error: unknown = await verify(channel, pinOf('4821')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PinOutcomeUnknownError);
    const cause = error instanceof PinOutcomeUnknownError ? error.cause : undefined;
    if (answer instanceof Error) expect(cause).toBe(answer);
    else expect(cause).toBeInstanceOf(MalformedResponseError);
    expect(verifiesSent(channel)).toBe(1);
  });

  test('a used PIN is refused and nothing is sent', async () => {
    const pin = pinOf('4821');
    await verify(answering('9000', '9000'), pin);
    const channel = answering('9000');
    await expect(verify(channel, pin)).rejects.toThrow(TypeError);
    expect(verifiesSent(channel)).toBe(0);
  });

  test('an empty PIN is an error and never becomes the question for the tries left', async () => {
    const channel = answering('9000', '9000');
    await expect(verify(channel, pinOf(''))).rejects.toThrow(TypeError);
    expect(verifiesSent(channel)).toBe(0);
  });

  test('errors do not show the PIN', async () => {
    for (const answer of ['63C2', '', new CardRemovedError()]) {
      const error: unknown = await verify(answering('9000', answer), pinOf('4821')).catch((e: unknown) => e);
      const shown = `${inspect(error, { depth: null, showHidden: true })}${JSON.stringify(error)}`;
      expect(shown).not.toMatch(/4821|34383231|52, 56, 50, 49/);
    }
  });
});

test('asking, verifying and reading keep the EF selected; an abort during VERIFY does not lose its answer', async () => {
  const controller = new AbortController();
  const channel = new FakeChannel((hex) => {
    if (hex === VERIFY) controller.abort();
    return hex === '00200080' ? '63C3' : '9000';
  });
  await run(
    channel,
    async (session) => {
      await session.selectEf(PIN_EF);
      await session.readFile();
      expect(await session.triesLeft(PIN_EF)).toBe(3);
      await session.verify(PIN_EF, pinOf('4821'));
    },
    controller.signal,
  );
  expect(channel.sent.at(-1)).toBe(VERIFY);
});
