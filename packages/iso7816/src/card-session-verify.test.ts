import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { type Answer, answering, FakeChannel } from '../test/fake-channel.ts';
import { Card } from './card.ts';
import { CardSession } from './card-session.ts';
import {
  CardRemovedError,
  CardResetError,
  MalformedResponseError,
  PinOutcomeUnknownError,
} from './errors.ts';
import { fromHex, toHex } from './hex.ts';
import { Pin } from './pin.ts';
import { RefusedPins } from './refused-pins.ts';
import { ShortIds } from './short-ids.ts';

/** 利用者証明用暗証番号 of the JPKI application; any EF would do. */
const PIN_EF = 0x0018;
const SELECT_PIN_EF = '00A4020C020018';
const VERIFY = '002000800434383231';
const pinOf = (text: string) => Pin.fromBytes(new TextEncoder().encode(text));

const run = <T>(channel: FakeChannel, work: (session: CardSession) => Promise<T>, signal?: AbortSignal) =>
  new Card(channel).exclusive(work, { signal });

/** Selects the EF of the PIN, then verifies `pin`; the card answers the VERIFY with `answer`. */
function verify(channel: FakeChannel, pin: Pin, signal?: AbortSignal): Promise<void> {
  return run(
    channel,
    async (session) => {
      await session.selectEf(PIN_EF);
      await session.verify(PIN_EF, pin);
    },
    signal,
  );
}

const verifiesSent = (channel: FakeChannel) => channel.sent.filter((hex) => /^..20....../.test(hex)).length;
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

describe('a PIN is not sent, but used up,', () => {
  const select = { cla: 0, ins: 0xa4, p1: 0x02, p2: 0x0c, data: fromHex('001B') };
  const situations: [string, Answer, (session: CardSession) => Promise<unknown>][] = [
    ['when nothing is selected', () => '9000', async () => undefined],
    ['when another EF is selected', () => '9000', (s) => s.selectEf(0x001b)],
    ['when its SELECT failed', () => '6A82', (s) => s.selectEf(PIN_EF).catch(() => undefined)],
    [
      'when a second SELECT of it failed',
      (_, index) => (index === 0 ? '9000' : '6A82'),
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.selectEf(PIN_EF).catch(() => undefined);
      },
    ],
    [
      'when another EF was to be selected and is not there',
      (_, index) => (index === 0 ? '9000' : '6A82'),
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.selectEf(0x001b).catch(() => undefined);
      },
    ],
    [
      'when an application was selected since',
      () => '9000',
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.selectDf(fromHex('A0'));
      },
    ],
    [
      'when another application is not there, and the one before has such an EF too',
      (command) => (command.startsWith('00A4040C01A1') ? '6A82' : '9000'),
      async (s) => {
        await s.selectDf(fromHex('A0'));
        await s.selectDf(fromHex('A1')).catch(() => undefined);
        await s.selectEf(PIN_EF);
      },
    ],
    [
      'when another command may have selected something',
      () => '9000',
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.transmit(select);
      },
    ],
    [
      'when a READ BINARY by short identifier may have selected something',
      () => 'AA9000',
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.execute({ cla: 0, ins: 0xb0, p1: 0x8a, p2: 0, le: 4 });
      },
    ],
    [
      'when the card was reset since',
      (_, index) => (index === 1 ? new CardResetError() : '9000'),
      async (s) => {
        await s.selectEf(PIN_EF);
        await s.triesLeft(PIN_EF).catch(() => undefined);
      },
    ],
  ];

  test.each(situations)('%s', async (_, answer, before) => {
    const channel = new FakeChannel(answer);
    const pin = pinOf('4821');
    const verifying = run(channel, async (session) => {
      await before(session);
      await session.verify(PIN_EF, pin);
    });
    await expect(verifying).rejects.toThrow(TypeError);
    expect(channel.sent).not.toContain(VERIFY);
    expect(pin.used).toBe(true);
  });

  test('when the signal was aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const channel = new FakeChannel(() => {
      controller.abort(reason);
      return '9000';
    });
    const pin = pinOf('4821');
    await expect(verify(channel, pin, controller.signal)).rejects.toBe(reason);
    expect(channel.sent).toEqual([SELECT_PIN_EF]);
    expect(pin.used).toBe(true);
  });

  test('when the session has ended', async () => {
    const channel = new FakeChannel(() => '9000');
    const session = new CardSession(
      channel,
      { extendedLe: false, shortIds: new ShortIds(false), refusedPins: new RefusedPins() },
      undefined,
    );
    const pin = pinOf('4821');
    await session.selectEf(PIN_EF);
    await session.end();
    await expect(session.verify(PIN_EF, pin)).rejects.toThrow(TypeError);
    expect(channel.sent).toEqual([SELECT_PIN_EF]);
    expect(pin.used).toBe(true);
  });

  test('while another command is under way', async () => {
    const channel = new FakeChannel(async () => '63C3');
    const pin = pinOf('4821');
    await run(channel, async (session) => {
      const other = session.transmit({ cla: 0, ins: 0xca, p1: 0, p2: 0 });
      await expect(session.verify(PIN_EF, pin)).rejects.toThrow(TypeError);
      await other;
    });
    expect(verifiesSent(channel)).toBe(0);
    expect(pin.used).toBe(true);
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
