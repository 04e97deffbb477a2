import { CardRemovedError, type Pin } from '@jpki/iso7816';
import type { FaultScript } from '@jpki/simulator';
import { describe, expect, test } from 'vitest';
import { benches, isLocked, LOCK, pinOf } from '../../test/cards.ts';
import { productionCvAnchors } from '../cv/anchor.ts';
import type { PinRequest } from '../pin-source.ts';
import { TextApplication } from './application.ts';
import type { MessagingPin } from './my-number.ts';

const { insert, trust } = benches();

async function read(options: Parameters<typeof insert>[0] = {}) {
  const bench = await insert(options);
  return { ...bench, text: new TextApplication(bench.card), anchors: await trust() };
}

describe('the 基本4情報', () => {
  test('come with the PIN, proven, and leave the card locked', async () => {
    const bench = await read();
    const { text, secrets, anchors, virtual, log } = bench;
    const { attributes, proof } = await text.attributes({ secret: { pin: secrets.text() }, trust: anchors });
    const { name, address } = virtual.persona.holder;
    expect(attributes).toMatchObject({ name, address, sex: expect.stringMatching(/^(fe)?male$/) });
    expect(attributes.birthDate).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(proof).toEqual({ status: 'verified', findings: [], hierarchy: 'simulator' });
    expect(virtual.verifyCount).toBe(1);
    expect(log.length).toBeLessThanOrEqual(20);
    expect(log.at(-1)).toEqual({ command: LOCK, sw: '9000' });
    expect(await isLocked(bench)).toBe(true);
  });

  test('unproven take seven commands', async () => {
    const { text, secrets, log } = await read();
    const { proof } = await text.attributes({ secret: { pin: secrets.text() }, trust: 'unproven' });
    expect(log).toHaveLength(7);
    expect(proof).toMatchObject({ status: 'unverified', findings: [{ code: 'NOT_CHECKED' }] });
  });

  test('proven take nineteen commands, and fewer where short identifiers and extended lengths are proven', async () => {
    const plain = await read();
    await plain.text.attributes({ secret: { pin: plain.secrets.text() }, trust: plain.anchors });
    expect(plain.log).toHaveLength(19);
    const economical = await read({ card: { shortIds: true, extendedLe: true } });
    await economical.text.basicInformation();
    economical.log.length = 0;
    const { proof } = await economical.text.attributes({
      secret: { pin: economical.secrets.text() },
      trust: economical.anchors,
    });
    expect(proof.status).toBe('verified');
    expect(economical.log).toHaveLength(9);
    expect(economical.log[2]?.command).toMatch(/^00200091/);
    economical.log.length = 0;
    await economical.text.attributes({ secret: { pin: economical.secrets.text() }, trust: 'unproven' });
    expect(economical.log).toHaveLength(5);
  });

  test('come with 照合番号B too, under its own counter', async () => {
    const { text, secrets, anchors, virtual } = await read();
    const { proof } = await text.attributes({ secret: { numberB: secrets.b() }, trust: anchors });
    expect(proof.status).toBe('verified');
    expect(virtual.verifyCount).toBe(1);
  });

  test('are not verified by production keys, and say so', async () => {
    const { text, secrets } = await read();
    const { attributes, proof } = await text.attributes({
      secret: { pin: secrets.text() },
      trust: productionCvAnchors(),
    });
    expect(attributes.name).not.toBe('');
    expect(proof).toMatchObject({ status: 'unverified', findings: [{ code: 'CV_CA_UNKNOWN' }] });
  });
});

describe('the 個人番号', () => {
  test('comes with the PIN and prints as nothing', async () => {
    const { text, secrets, anchors, codes } = await read();
    const { myNumber, proof } = await text.myNumber({ secret: { pin: secrets.text() }, trust: anchors });
    expect(myNumber.reveal()).toBe(codes.a);
    expect(proof.status).toBe('verified');
    expect(JSON.stringify({ myNumber })).toBe('{"myNumber":"[個人番号]"}');
  });

  test('comes with 照合番号A, which it is', async () => {
    const { text, secrets, anchors, codes, virtual } = await read();
    const { myNumber } = await text.myNumber({ secret: { numberA: secrets.a() }, trust: anchors });
    expect(myNumber.reveal()).toBe(codes.a);
    expect(virtual.verifyCount).toBe(1);
  });

  test('passes encrypted under secure messaging', async () => {
    const bench = await read();
    const { text, secrets, anchors, codes, log, virtual } = bench;
    const { myNumber, proof } = await text.myNumber({
      secret: { pin: secrets.text() },
      trust: anchors,
      secureMessaging: true,
    });
    expect(myNumber.reveal()).toBe(codes.a);
    expect(proof.status).toBe('verified');
    expect(log.filter(({ command }) => command.startsWith('80AE'))).toHaveLength(1);
    expect(log.some(({ command }) => command.startsWith('08B0'))).toBe(true);
    expect(virtual.verifyCount).toBe(1);
    expect(await isLocked(bench)).toBe(true);
  });

  test('under secure messaging 照合番号A goes out encrypted, after the PIN', async () => {
    const { text, secrets, anchors, codes, log } = await read();
    const { myNumber } = await text.myNumber({
      secret: { numberA: secrets.a() },
      trust: anchors,
      secureMessaging: { pin: secrets.text() },
    });
    expect(myNumber.reveal()).toBe(codes.a);
    const hex = Buffer.from(codes.a).toString('hex').toUpperCase();
    expect(log.some(({ command }) => command.includes(hex))).toBe(false);
    expect(log.filter(({ command }) => /^0820.{4}1386/.test(command))).toEqual([
      { command: expect.any(String), sw: '9000' },
    ]);
  });

  test('a wrong 照合番号A under secure messaging costs one try of A and none of the PIN', async () => {
    const { text, secrets, anchors, virtual } = await read();
    const wrong = text.myNumber({
      secret: { numberA: pinOf('000000000000') },
      trust: anchors,
      secureMessaging: { pin: secrets.text() },
    });
    await expect(wrong).rejects.toMatchObject({
      code: 'ERR_PIN_INCORRECT',
      reference: 'number-a',
      triesLeft: 9,
    });
    expect(await virtual.triesLeft('text')).toBe(3);
  });

  test('照合番号A under secure messaging without the PIN is refused before anything is sent', async () => {
    const { text, secrets, anchors, log } = await read();
    const call = text.myNumber({ secret: { numberA: secrets.a() }, trust: anchors, secureMessaging: true });
    await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_REQUIRED', reference: 'text' });
    expect(log).toEqual([]);
  });

  test('a card without secure messaging is named as such, locked, and nothing goes out in the clear', async () => {
    const bench = await read({ variants: { secureMessaging: '66F1' } });
    const call = bench.text.myNumber({
      secret: { pin: bench.secrets.text() },
      trust: bench.anchors,
      secureMessaging: true,
    });
    await expect(call).rejects.toMatchObject({ code: 'ERR_CARD_STATUS_WORD', sw: 0x66f1 });
    expect(bench.log.some(({ command }) => command === '00A4020C020001')).toBe(false);
    expect(await isLocked(bench)).toBe(true);
  });
});

describe('secrets', () => {
  test.each([
    ['pin', '12345'],
    ['pin', '１２３４'],
    ['numberB', '6006152036432'],
  ])('a %s that cannot be right (%s) is not sent', async (kind, digits) => {
    const { text, anchors, log } = await read();
    const pin = pinOf(digits);
    const secret = kind === 'pin' ? { pin } : { numberB: pin };
    await expect(text.attributes({ secret, trust: anchors })).rejects.toMatchObject({
      code: 'ERR_PIN_FORMAT',
    });
    expect(log).toEqual([]);
    expect(pin.used).toBe(true);
  });

  test('a wrong PIN costs one try; the person is told how many are left', async () => {
    const bench = await read();
    const call = bench.text.attributes({ secret: { pin: pinOf('0000') }, trust: bench.anchors });
    await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT', reference: 'text', triesLeft: 2 });
    expect(bench.virtual.verifyCount).toBe(1);
    expect(bench.log.at(-1)?.command).toBe(LOCK);
  });

  test('a wrong 照合番号B leaves nine tries', async () => {
    const { text, anchors } = await read();
    const call = text.attributes({ secret: { numberB: pinOf('00000000000000') }, trust: anchors });
    await expect(call).rejects.toMatchObject({ reference: 'number-b', triesLeft: 9 });
  });

  test('the last try is not spent without consent', async () => {
    const bench = await read();
    for (const wrong of ['0000', '0001']) {
      const call = bench.text.attributes({ secret: { pin: pinOf(wrong) }, trust: bench.anchors });
      await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT' });
    }
    const call = (allowLastTry?: { expected: number }) =>
      bench.text.attributes({
        secret: { pin: bench.secrets.text() },
        trust: bench.anchors,
        ...(allowLastTry && { allowLastTry }),
      });
    await expect(call()).rejects.toMatchObject({ code: 'ERR_PIN_LAST_TRY', triesLeft: 1 });
    expect(bench.virtual.verifyCount).toBe(2);
    expect((await call({ expected: 1 })).proof.status).toBe('verified');
  });

  test('consent to the last try of 照合番号A is none to that of the PIN beside it', async () => {
    const bench = await read();
    for (const wrong of ['0000', '0001']) {
      const call = bench.text.attributes({ secret: { pin: pinOf(wrong) }, trust: bench.anchors });
      await expect(call).rejects.toMatchObject({ code: 'ERR_PIN_INCORRECT' });
    }
    const call = (consent: Pick<MessagingPin, 'allowLastTry'>) =>
      bench.text.myNumber({
        secret: { numberA: bench.secrets.a() },
        trust: bench.anchors,
        secureMessaging: { pin: bench.secrets.text(), ...consent },
        allowLastTry: { expected: 1 },
      });
    await expect(call({})).rejects.toMatchObject({ code: 'ERR_PIN_LAST_TRY', reference: 'text' });
    expect(bench.virtual.verifyCount).toBe(2);
    expect((await call({ allowLastTry: { expected: 1 } })).proof.status).toBe('verified');
  });

  test('a person is asked with the counter, while the card is free', async () => {
    const { text, secrets, anchors, card } = await read();
    const requests: PinRequest[] = [];
    const ask = async (request: PinRequest): Promise<Pin> => {
      requests.push(request);
      await card.exclusive(async () => undefined);
      return secrets.text();
    };
    await text.attributes({ secret: { pin: ask }, trust: anchors });
    expect(requests).toMatchObject([{ reference: 'text', triesLeft: 3, maxTries: 3 }]);
  });

  test('a blocked card is told before anybody types', async () => {
    const { text, anchors } = await read({ persona: 'blocked' });
    const ask = () => Promise.reject(new Error('nobody is asked'));
    await expect(text.attributes({ secret: { pin: ask }, trust: anchors })).rejects.toMatchObject({
      code: 'ERR_PIN_BLOCKED',
    });
  });
});

test('a phone has no such application, and says so before a PIN is asked', async () => {
  const { text, anchors } = await read({ persona: 'phone-android' });
  const ask = () => Promise.reject(new Error('nobody is asked'));
  await expect(text.attributes({ secret: { pin: ask }, trust: anchors })).rejects.toMatchObject({
    code: 'ERR_APPLICATION_NOT_FOUND',
  });
});

describe('a forged card', () => {
  /** Changes one bit of an answer: of the n-th READ BINARY, or of the answer to the challenge. */
  const flip = (command: string, bit: number, nth = 1): FaultScript => [
    { kind: 'bit-flip', at: { command, nth }, bit },
  ];

  test.each([
    ['the address', flip('00B0', 500), 'RECORD_CONTENT_WRONG'],
    ['a digest of the record', flip('00B0', 400, 2), 'RECORD_WRONG'],
    ['the answer to the challenge', flip('802A', 7), 'CHALLENGE_WRONG'],
  ])('with one bit of %s changed hands out nothing', async (_, faults, code) => {
    const bench = await read({ faults });
    const call = bench.text.attributes({ secret: { pin: bench.secrets.text() }, trust: bench.anchors });
    await expect(call).rejects.toMatchObject({ code: 'ERR_CARD_FORGED', proof: { status: 'forged' } });
    const error: unknown = await call.catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      proof: { findings: expect.arrayContaining([expect.objectContaining({ code })]) },
    });
    expect(await isLocked(bench)).toBe(true);
  });
});

describe('faults', () => {
  test('a card pulled out at any command gives an error and no second VERIFY', async () => {
    const dry = await read();
    await dry.text.attributes({ secret: { pin: dry.secrets.text() }, trust: dry.anchors });
    const outcomes = new Set<string>();
    for (let at = 1; at < dry.log.length; at++) {
      const faults = [{ at, kind: 'remove', executed: true }] as const;
      const { text, secrets, anchors, virtual } = await read({ faults });
      const error: unknown = await text
        .attributes({ secret: { pin: secrets.text() }, trust: anchors })
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      outcomes.add(error instanceof CardRemovedError ? 'removed' : (error as { code: string }).code);
      expect(virtual.verifyCount).toBeLessThanOrEqual(1);
    }
    expect(outcomes).toEqual(new Set(['removed', 'ERR_PIN_OUTCOME_UNKNOWN']));
  });

  test('a card pulled out at the locking command still gave the attributes', async () => {
    const { text, secrets, anchors } = await read({ faults: [{ at: 19, kind: 'remove' }] });
    const failures: unknown[] = [];
    const { proof } = await text.attributes({
      secret: { pin: secrets.text() },
      trust: anchors,
      onLockFailed: (error) => failures.push(error),
    });
    expect(proof.status).toBe('verified');
    expect(failures).toHaveLength(1);
  });

  test('an abort between two commands ends it, locked', async () => {
    const bench = await read();
    const controller = new AbortController();
    const call = bench.text.attributes({
      secret: { pin: bench.secrets.text() },
      trust: bench.anchors,
      signal: controller.signal,
      onTriesLeft: () => controller.abort(new Error('enough')),
    });
    await expect(call).rejects.toThrow('enough');
    expect(bench.virtual.verifyCount).toBe(0);
    expect(bench.log.at(-1)?.command).toBe(LOCK);
  });
});
