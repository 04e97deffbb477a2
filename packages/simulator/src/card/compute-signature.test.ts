import { constants, createPublicKey, type KeyObject, publicDecrypt, verify } from 'node:crypto';
import { digestInfo, digestOf, readCertificate } from '@jpki/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { cardMaker, SELECT_JPKI, VERIFY_AUTH, VERIFY_SIGN } from '../../test/card-at-hand.ts';

const makeCard = await cardMaker();
const { card, send, words } = await makeCard();

const MESSAGE = Buffer.from('模擬カードの署名', 'utf8');
const DIGEST = digestOf('sha256', MESSAGE);

/** `80 2A P1 P2 Lc data 00`, in hex. */
function sign(p1: string, p2: string, data: Uint8Array): string {
  return `802A${p1}${p2}${data.length.toString(16).padStart(2, '0')}${Buffer.from(data).toString('hex')}00`;
}

async function signature(p1: string, p2: string, data: Uint8Array): Promise<Buffer> {
  const answer = await send(sign(p1, p2, data));
  expect(answer.slice(-4)).toBe('9000');
  expect(answer).toHaveLength(2 * 258);
  return Buffer.from(answer.slice(0, -4), 'hex');
}

async function publicKey(shortId: string): Promise<KeyObject> {
  const file = Buffer.from((await send(`00B0${shortId}00000000`)).slice(0, -4), 'hex');
  return createPublicKey(
    readCertificate(file.subarray(0, 4 + file.readUInt16BE(2))).publicKey.export({
      type: 'spki',
      format: 'pem',
    }),
  );
}

/** What is inside the PKCS#1 v1.5 padding. */
const opened = (key: KeyObject, block: Buffer) =>
  publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, block).toString('hex');

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('80 2A', () => {
  let authKey: KeyObject;
  let signKey: KeyObject;

  beforeAll(async () => {
    expect(await words(SELECT_JPKI, VERIFY_AUTH, VERIFY_SIGN)).toEqual(['9000', '9000', '9000']);
    authKey = await publicKey('8A');
    signKey = await publicKey('81');
  });

  test('00 pads what it is given, DigestInfo or not', async () => {
    const info = digestInfo('sha256', DIGEST);
    expect(verify('sha256', MESSAGE, authKey, await signature('00', '97', info))).toBe(true);
    expect(verify('sha256', MESSAGE, signKey, await signature('00', '9A', info))).toBe(true);
    expect(opened(authKey, await signature('00', '97', DIGEST))).toBe(hex(DIGEST));
    expect(opened(authKey, await signature('00', '97', Uint8Array.of(1)))).toBe('01');
    const longest = new Uint8Array(245).fill(7);
    expect(opened(authKey, await signature('00', '97', longest))).toBe('07'.repeat(245));
    const sha512 = digestInfo('sha512', digestOf('sha512', MESSAGE));
    expect(verify('sha512', MESSAGE, authKey, await signature('00', '97', sha512))).toBe(true);
  });

  test('01 signs the bare hash of a message', async () => {
    expect(opened(authKey, await signature('01', '97', MESSAGE))).toBe(hex(DIGEST));
  });

  test('02 signs a digest and 03 a message, with DigestInfo', async () => {
    expect(verify('sha256', MESSAGE, signKey, await signature('02', '9A', DIGEST))).toBe(true);
    expect(verify('sha256', MESSAGE, signKey, await signature('03', '9A', MESSAGE))).toBe(true);
    const longest = new Uint8Array(255).fill(9);
    expect(verify('sha256', longest, signKey, await signature('03', '9A', longest))).toBe(true);
  });

  test('04 signs a digest and 05 a message with PSS and a salt of 32 bytes, new every time', async () => {
    const pss = (key: KeyObject) => ({ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
    const first = await signature('04', '97', DIGEST);
    const second = await signature('04', '97', DIGEST);
    expect(first.equals(second)).toBe(false);
    for (const one of [first, second, await signature('05', '97', MESSAGE)]) {
      expect(verify('sha256', MESSAGE, pss(authKey), one)).toBe(true);
    }
  });

  test('is deterministic with PKCS#1 v1.5, and one VERIFY lasts for many signatures', async () => {
    const before = card.verifyCount;
    const all = await Promise.resolve([
      await signature('02', '9A', DIGEST),
      await signature('02', '9A', DIGEST),
      await signature('02', '9A', DIGEST),
    ]);
    expect(new Set(all.map(hex)).size).toBe(1);
    expect(card.verifyCount).toBe(before);
  });

  test('uses the selected key with P2 = 80, the same as by short identifier', async () => {
    await words('00A4020C02001A');
    expect(hex(await signature('02', '80', DIGEST))).toBe(hex(await signature('02', '9A', DIGEST)));
  });

  test('takes extended lengths', async () => {
    const answer = await send(`802A0297000020${hex(DIGEST)}0000`);
    expect(answer.slice(-4)).toBe('9000');
    expect(verify('sha256', MESSAGE, authKey, Buffer.from(answer.slice(0, -4), 'hex'))).toBe(true);
  });

  test('refuses every other P1, EFs that are no key, the default key and no EF', async () => {
    for (const p1 of ['06', '07', '10', '80', 'FF']) {
      expect(await words(sign(p1, '97', DIGEST))).toEqual(['6A86']);
    }
    const toOthers = ['98', '86', '83', '00', '17'].map((p2) => sign('02', p2, DIGEST));
    expect(await words(...toOthers)).toEqual(['6981', '6981', '6A82', '6A88', '6A86']);
    expect(await words(SELECT_JPKI, sign('02', '80', DIGEST))).toEqual(['9000', '6986']);
  });

  test('refuses data of the wrong length: 6700 where one length is right, 6985 where there is a longest', async () => {
    const bytes = (length: number) => new Uint8Array(length);
    expect(await words(sign('02', '97', bytes(31)), sign('02', '97', bytes(33)))).toEqual(['6700', '6700']);
    expect(await words(sign('04', '97', bytes(31)), sign('00', '97', bytes(246)))).toEqual(['6700', '6985']);
    expect(await words(`802A0397000100${'00'.repeat(256)}0000`)).toEqual(['6985']);
    expect(await words('802A0097', '802A009700', '802A00970101', '802A0097010180')).toEqual(
      Array(4).fill('6700'),
    );
  });
});

describe('80 2A without the PIN', () => {
  test('is 6982 for each key until its own PIN is verified', async () => {
    const fresh = await makeCard();
    const both = [sign('02', '97', DIGEST), sign('02', '9A', DIGEST)];
    await fresh.send(SELECT_JPKI);
    expect(await fresh.words(...both)).toEqual(['6982', '6982']);
    expect(await fresh.words(VERIFY_AUTH, ...both)).toEqual(['9000', '9000', '6982']);
    expect(await fresh.words(VERIFY_SIGN, ...both)).toEqual(['9000', '9000', '9000']);
  });
});
