import { describe, expect, test } from 'vitest';
import { benches } from '../test/cards.ts';
import { readCounters } from './card-counters.ts';
import { readCardOverview } from './card-overview.ts';
import { CommonApplication } from './common/application.ts';
import { productionCvAnchors } from './cv/anchor.ts';
import { keyIdText } from './cv/certificate.ts';
import { CardManager } from './manager/card-manager.ts';
import { ResidentApplication } from './resident/application.ts';

const { insert, trust } = benches();

describe('the 共通カードAP', () => {
  test('tells the number of the card, its municipality and its expiry in three commands', async () => {
    const { card, virtual, log } = await insert();
    const record = await new CommonApplication(card).cardRecord();
    expect(record).toEqual({
      serial: virtual.persona.numbers.serialNumber,
      municipality: virtual.persona.holder.municipalityCode,
      expiry: expect.stringMatching(/^20\d{2}-\d{2}-\d{2}$/),
    });
    expect(log).toHaveLength(3);
  });

  test('keeps the 住民基本台帳用 PIN a second time', async () => {
    const { card } = await insert();
    expect(await new CommonApplication(card).triesLeft()).toBe(3);
    expect(await new ResidentApplication(card).triesLeft()).toBe(3);
  });
});

describe('the card manager', () => {
  test('tells municipality and expiry as the 共通カードAP does', async () => {
    const { card } = await insert();
    const manager = new CardManager(card);
    const record = await new CommonApplication(card).cardRecord();
    expect(await manager.municipality()).toBe(record.municipality);
    expect(await manager.expiry()).toBe(record.expiry);
  });

  test('has a chain of certificates; the large ones are asked for twice', async () => {
    const { card, log } = await insert();
    const certificates = await new CardManager(card).certificates({ trust: await trust() });
    expect(certificates?.proof).toEqual({ status: 'verified', findings: [], hierarchy: 'simulator' });
    expect(keyIdText(certificates?.upper.issuer ?? new Uint8Array())).toBe('9000020/001 (A8)');
    expect(log.map(({ command }) => command)).toEqual([
      '00A4040C07A0000001510000',
      '00CA00F800',
      '00CA00F8000000',
      '00A4040C07A0000001510000',
      '00CA7F2100',
      '00CA7F21000000',
    ]);
  });

  test('of a card without the lower certificate has the upper one', async () => {
    const { card } = await insert({ variants: { lowerCertificate: '6A88' } });
    const certificates = await new CardManager(card).certificates({ trust: await trust() });
    expect(certificates).toMatchObject({ lower: undefined, proof: { status: 'verified' } });
  });

  test('under production keys is unverified', async () => {
    const { card } = await insert();
    const certificates = await new CardManager(card).certificates({ trust: productionCvAnchors() });
    expect(certificates?.proof.status).toBe('unverified');
  });

  test('says nothing of an object that is not there', async () => {
    const { card } = await insert();
    expect(await new CardManager(card).data(0x00ab)).toBeUndefined();
  });

  test('with one bit of a certificate changed is a forgery', async () => {
    const { card } = await insert({
      faults: [{ kind: 'bit-flip', at: { command: '00CA7F21', nth: 2 }, bit: 900 }],
    });
    const call = new CardManager(card).certificates({ trust: await trust() });
    await expect(call).rejects.toMatchObject({ code: 'ERR_CARD_FORGED' });
  });
});

describe('counters', () => {
  test('all seven of three applications take seventeen commands', async () => {
    const { card, log } = await insert();
    const names = [
      'visual.number-a',
      'sign',
      'text.number-b',
      'auth',
      'text',
      'visual.number-b',
      'text.number-a',
    ] as const;
    expect(await readCounters(card, names)).toEqual({
      sign: 5,
      auth: 3,
      text: 3,
      'text.number-a': 10,
      'text.number-b': 10,
      'visual.number-a': 10,
      'visual.number-b': 10,
    });
    expect(log).toHaveLength(17);
  });

  test('take ten commands where short identifiers were proven', async () => {
    const { card, log } = await insert({ card: { shortIds: true } });
    await readCardOverview(card);
    log.length = 0;
    const names = [
      'sign',
      'auth',
      'text',
      'text.number-a',
      'text.number-b',
      'visual.number-a',
      'visual.number-b',
    ] as const;
    await readCounters(card, names);
    expect(log).toHaveLength(10);
  });

  test('of a phone are those of its one application', async () => {
    const { card } = await insert({ persona: 'phone-android' });
    expect(await readCounters(card, ['auth', 'text', 'resident'])).toMatchObject({
      auth: 3,
      text: undefined,
      resident: undefined,
    });
  });
});

describe('the overview', () => {
  test('says what the card is and asks no PIN', async () => {
    const { card, virtual } = await insert();
    expect(await readCardOverview(card)).toEqual({
      kind: 'individual-number-card',
      token: { label: 'JPKIAPICCTOKEN2', kind: 'individual-number-card' },
      certificates: { sign: true, auth: true },
      triesLeft: { sign: 5, auth: 3, text: 3, resident: 3 },
    });
    expect(virtual.verifyCount).toBe(0);
  });

  test.each([
    ['child', 'individual-number-card', { sign: false, auth: true }],
    ['phone-android', 'phone-android', { sign: true, auth: true }],
    ['phone-iphone', 'phone-iphone', expect.anything()],
    ['juki', 'juki-card', { sign: false, auth: false }],
  ] as const)('of %s', async (persona, kind, certificates) => {
    const { card } = await insert({ persona });
    expect(await readCardOverview(card)).toMatchObject({ kind, certificates });
  });

  test('of a blocked card has zeros', async () => {
    const { card } = await insert({ persona: 'blocked' });
    expect((await readCardOverview(card)).triesLeft).toEqual({ sign: 0, auth: 0, text: 0, resident: 0 });
  });

  test.each(['resident', 'common'] as const)(
    'finds the 住民基本台帳用 PIN where only %s keeps it',
    async (home) => {
      const { card } = await insert({ variants: { residentPinHolder: home } });
      expect((await readCardOverview(card)).triesLeft.resident).toBe(3);
    },
  );
});
