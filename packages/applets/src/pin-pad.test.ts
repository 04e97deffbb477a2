import {
  Card,
  CardRemovedError,
  type PinPad,
  PinPadError,
  type PinPadReason,
  type PinPadRequest,
  toHex,
} from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { type Bench, benches, LOCK, pinOf } from '../test/cards.ts';
import { ScriptedCard } from '../test/scripted-card.ts';
import { QUERY, SELECT_PIN } from '../test/spend-pin.ts';
import { JpkiApplication } from './jpki/application.ts';
import { AUTH_KEY } from './jpki/key-layout.ts';
import { changePin } from './pin-change/change-pin.ts';
import { verifyPin } from './pin-gate.ts';
import { TextApplication } from './text/application.ts';

const { insert, trust } = benches();

/** A keypad with somebody at it, who does one thing after the other. Digits go to the card, past every channel. */
class Keypad implements PinPad {
  readonly requests: PinPadRequest[] = [];
  readonly #bench: Pick<Bench, 'virtual'>;
  readonly #acts: (string | Error)[];

  constructor(bench: Pick<Bench, 'virtual'>, ...acts: (string | Error)[]) {
    this.#bench = bench;
    this.#acts = acts;
  }

  async enter(request: PinPadRequest): Promise<Uint8Array> {
    this.requests.push(request);
    const act = this.#acts.shift();
    if (act === undefined) throw new TypeError('asked once more than the person was ready for');
    if (act instanceof Error) throw act;
    return this.#bench.virtual.transmit(
      Uint8Array.of(...request.header, act.length, ...Buffer.from(act, 'latin1')),
    );
  }
}

const ended = (reason: PinPadReason) => new PinPadError(reason, 'nothing was sent');

/** The commands of a hold, with the application selected by name only. */
const commands = ({ log }: Bench) => log.map(({ command }) => command);

const sign = ({ card }: Bench, pad: PinPad, options = {}) =>
  new JpkiApplication(card).auth.withSigner({ pin: { pad }, ...options }, (signer) =>
    signer.sign('sha256', new Uint8Array(32)),
  );

describe('a PIN of four digits, typed on the keypad of the reader', () => {
  test('signs, in one hold that ends with the lock, and never passes through the channel', async () => {
    const bench = await insert();
    const pad = new Keypad(bench, '1234');
    const told: number[] = [];
    const onTriesLeft = (tries: number) => {
      // Told when the counter is known and nothing was asked of the keypad yet.
      expect(pad.requests).toEqual([]);
      told.push(tries);
    };
    expect(await sign(bench, pad, { onTriesLeft })).toHaveLength(256);
    expect(told).toEqual([3]);
    expect(pad.requests.map(({ header, format }) => [toHex(header), format])).toEqual([
      ['00200080', { minLength: 4, maxLength: 4, characters: 'digits' }],
    ]);
    expect(commands(bench).slice(0, 3)).toEqual(['00A4040C0AD392F000260100000001', SELECT_PIN, '00200080']);
    expect(commands(bench).some((command) => command.startsWith('0020008004'))).toBe(false);
    expect(commands(bench).at(-1)).toBe(LOCK);
    expect(bench.virtual.verifyCount).toBe(1);
  });

  test('reads the 基本4情報 and the 個人番号', async () => {
    const bench = await insert();
    const application = new TextApplication(bench.card);
    const secret = () => ({ pin: { pad: new Keypad(bench, bench.virtual.persona.pins.text ?? '') } });
    const anchors = await trust();
    const { attributes } = await application.attributes({ secret: secret(), trust: anchors });
    expect(attributes.name).not.toBe('');
    for (const secureMessaging of [false, true]) {
      const read = await application.myNumber({ secret: secret(), trust: anchors, secureMessaging });
      expect(read.myNumber.reveal()).toMatch(/^\d{12}$/);
    }
    expect(bench.virtual.verifyCount).toBe(3);
  });

  test('that is wrong costs one try, is not asked for again, and the counter told was read anew', async () => {
    const bench = await insert();
    const pad = new Keypad(bench, '9999', '9999');
    await expect(sign(bench, pad)).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT', triesLeft: 2 });
    expect([pad.requests.length, bench.virtual.verifyCount]).toEqual([1, 1]);
    expect(commands(bench).at(-1)).toBe(LOCK);
  });

  test.each<PinPadReason>(['cancelled', 'timeout', 'length'])(
    'that was not sent (%s) costs nothing, as the counter says',
    async (reason) => {
      const bench = await insert();
      const error = ended(reason);
      await expect(sign(bench, new Keypad(bench, error))).rejects.toBe(error);
      expect(error.triesLeft).toBe(3);
      expect(await bench.virtual.triesLeft('auth')).toBe(3);
      expect(commands(bench).at(-1)).toBe(LOCK);
    },
  );

  test('that the keypad called off although it was sent is not believed', async () => {
    const bench = await insert();
    const lying: PinPad = {
      enter: async (request) => {
        await new Keypad(bench, '9999').enter(request);
        throw ended('cancelled');
      },
    };
    await expect(sign(bench, lying)).rejects.toMatchObject({ code: 'ERR_PIN_COUNTER_IMPLAUSIBLE' });
  });

  test('whose answer was lost has an unknown outcome, with the counter where the card can still be asked', async () => {
    const bench = await insert();
    const lost: PinPad = {
      enter: async (request) => {
        await new Keypad(bench, '9999').enter(request);
        throw new CardRemovedError();
      },
    };
    const signing = sign(bench, lost);
    await expect(signing).rejects.toMatchObject({ code: 'ERR_PIN_OUTCOME_UNKNOWN', triesLeft: 2 });
    expect(bench.virtual.verifyCount).toBe(1);
  });

  test('is not asked for when the last try would be spent without consent, and is with it', async () => {
    const bench = await insert();
    for (const left of [2, 1]) {
      const wrong = sign(bench, new Keypad(bench, '9999'));
      await expect(wrong).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT', triesLeft: left });
    }
    const pad = new Keypad(bench, '1234');
    await expect(sign(bench, pad)).rejects.toMatchObject({ code: 'ERR_PIN_LAST_TRY' });
    expect(pad.requests).toEqual([]);
    expect(await sign(bench, pad, { allowLastTry: { expected: 1 } })).toHaveLength(256);
  });

  test('is not asked for when it is blocked', async () => {
    const bench = await insert({ persona: 'blocked' });
    const pad = new Keypad(bench);
    await expect(sign(bench, pad)).rejects.toMatchObject({ code: 'ERR_PIN_BLOCKED' });
    expect(pad.requests).toEqual([]);
  });

  test.each([
    ['6983', 'ERR_PIN_BLOCKED'],
    ['6984', 'ERR_PIN_BLOCKED'],
    ['63C0', 'ERR_PIN_BLOCKED'],
    ['6982', 'ERR_PIN_REFUSED'],
    ['6A80', 'ERR_PIN_REFUSED'],
    ['63C3', 'ERR_PIN_COUNTER_IMPLAUSIBLE'],
  ])('is judged by the answer %s as one from the keyboard is: %s', async (sw, code) => {
    const channel = new ScriptedCard({ '00A4040C': '9000', [SELECT_PIN]: '9000', [QUERY]: '63C3' });
    const pad: PinPad = { enter: async () => Buffer.from(sw, 'hex') };
    const spent = new Card(channel).exclusive((session) => verifyPin(session, AUTH_KEY, { pad }, {}));
    await expect(spent).rejects.toMatchObject({ code });
  });
});

describe('what is no PIN of four digits', () => {
  test('is never asked for on a keypad: nothing is sent', async () => {
    const bench = await insert();
    const pad = new Keypad(bench);
    const refused = { code: 'ERR_PIN_PAD_REFUSED', remedy: 'none' };
    const { sign: signKey } = new JpkiApplication(bench.card);
    await expect(signKey.withSigner({ pin: { pad } }, async () => 0)).rejects.toMatchObject(refused);
    await expect(signKey.certificate({ pin: { pad } })).rejects.toMatchObject(refused);
    const text = new TextApplication(bench.card);
    const anchors = await trust();
    for (const secret of [{ numberB: { pad } }] as const)
      await expect(text.attributes({ secret, trust: anchors })).rejects.toMatchObject(refused);
    const numberA = { secret: { numberA: { pad } }, trust: anchors } as const;
    await expect(text.myNumber(numberA)).rejects.toMatchObject(refused);
    const messaging = { ...numberA, secureMessaging: { pin: pinOf('1234') } };
    await expect(text.myNumber(messaging)).rejects.toMatchObject(refused);
    expect([pad.requests, bench.log]).toEqual([[], []]);
  });

  test('nor a PIN that is to be changed', async () => {
    const bench = await insert();
    const pad = new Keypad(bench);
    const next = pinOf('8642');
    const changing = changePin(bench.card, { reference: 'auth', current: { pad }, next });
    await expect(changing).rejects.toMatchObject({ code: 'ERR_PIN_PAD_REFUSED' });
    expect([pad.requests, bench.log, next.used]).toEqual([[], [], true]);
  });

  test('nor by the gate itself', async () => {
    const channel = new ScriptedCard({});
    const location = { ...AUTH_KEY, reference: 'sign' } as const;
    const pad: PinPad = { enter: async () => Uint8Array.of(0x90, 0x00) };
    const spent = new Card(channel).exclusive((session) => verifyPin(session, location, { pad }, {}));
    await expect(spent).rejects.toMatchObject({ code: 'ERR_PIN_PAD_REFUSED' });
    expect(channel.commands).toEqual([]);
  });
});
