import { CardError } from '@jpki/iso7816';
import type { FaultScript } from '@jpki/simulator';
import { describe, expect, test } from 'vitest';
import { isLocked, LOCK } from '../../test/cards.ts';
import { textCards } from '../../test/text-cards.ts';
import { productionCvAnchors } from '../cv/anchor.ts';

const read = textCards();

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
      outcomes.add(error instanceof CardError ? error.code : String(error));
      expect(virtual.verifyCount).toBeLessThanOrEqual(1);
    }
    expect(outcomes).toEqual(new Set(['ERR_CARD_REMOVED', 'ERR_PIN_OUTCOME_UNKNOWN']));
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
