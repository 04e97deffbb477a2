import { constants, createHash, generateKeyPairSync, privateEncrypt, sign } from 'node:crypto';
import { readCertificate } from '@jpki/core';
import { describe, expect, test } from 'vitest';
import { benches } from '../../test/cards.ts';
import { JpkiApplication } from './application.ts';
import { CARD_SCHEMES, type CardScheme } from './card-scheme.ts';
import { verifyPssDigest } from './pss.ts';

const { insert } = benches();
const message = Buffer.from('a document');
const digest = createHash('sha256').update(message).digest();
const SCHEMES = Object.keys(CARD_SCHEMES) as CardScheme[];
const dataFor = (scheme: CardScheme) => (scheme.endsWith('digest') ? digest : message);

describe.each(SCHEMES)('the scheme %s', (scheme) => {
  test.each(['auth', 'sign'] as const)('gives signatures that the %s certificate confirms', async (kind) => {
    const { card, secrets, log } = await insert();
    const signature = await new JpkiApplication(card)[kind].withSigner(
      { pin: secrets[kind]() },
      async (signer) => {
        const made = await signer.signWith(scheme, dataFor(scheme));
        const key = readCertificate(signer.certificate).publicKey;
        expect(CARD_SCHEMES[scheme].verify(key, dataFor(scheme), made)).toBe(true);
        return made;
      },
    );
    expect(signature).toHaveLength(256);
    const p1 = CARD_SCHEMES[scheme].p1.toString(16).padStart(2, '0');
    expect(log.some(({ command }) => command.startsWith(`802A${p1}80`))).toBe(true);
  });

  test('withholds a signature with one bit wrong', async () => {
    const { card, secrets } = await insert({
      faults: [{ kind: 'bit-flip', at: { command: '802A' }, bit: 77 }],
    });
    const signing = new JpkiApplication(card).auth.withSigner({ pin: secrets.auth() }, (signer) =>
      signer.signWith(scheme, dataFor(scheme)),
    );
    await expect(signing).rejects.toMatchObject({ code: 'ERR_CARD_SIGNATURE_INVALID' });
  });

  test('sends nothing that it does not take', async () => {
    const { card, secrets, log } = await insert();
    await new JpkiApplication(card).auth.withSigner({ pin: secrets.auth() }, async (signer) => {
      for (const wrong of [new Uint8Array(), new Uint8Array(256)])
        await expect(signer.signWith(scheme, wrong)).rejects.toBeInstanceOf(RangeError);
    });
    expect(log.some(({ command }) => command.startsWith('802A'))).toBe(false);
  });
});

describe('PSS over a digest', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pss = (saltLength: number) =>
    sign('sha256', message, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

  test('is confirmed when node:crypto signed the message with a salt of 32 bytes', () => {
    for (let i = 0; i < 20; i++) expect(verifyPssDigest(publicKey, digest, pss(32))).toBe(true);
  });

  test.each([0, 20, 31, 33, 64])('with a salt of %i bytes is not', (saltLength) => {
    expect(verifyPssDigest(publicKey, digest, pss(saltLength))).toBe(false);
  });

  test('with any byte changed is not', () => {
    const signature = pss(32);
    for (let at = 0; at < signature.length; at++) {
      const changed = Uint8Array.from(signature);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(verifyPssDigest(publicKey, digest, changed)).toBe(false);
    }
  });

  test.each([
    ['another digest', createHash('sha256').update('x').digest(), pss(32)],
    ['a short digest', digest.subarray(1), pss(32)],
    ['a short signature', digest, pss(32).subarray(1)],
    ['a number above the modulus', digest, Buffer.alloc(256, 0xff)],
    ['a PKCS#1 signature', digest, sign('sha256', message, privateKey)],
    ['zeros', digest, new Uint8Array(256)],
  ])('with %s is not', (_, of, signature) => {
    expect(verifyPssDigest(publicKey, of, signature)).toBe(false);
  });

  test('with other padding around its salt is not', () => {
    const hashes = (block: Uint8Array) => createHash('sha256').update(block).digest();
    const salt = Buffer.alloc(32, 9);
    const h = hashes(Buffer.concat([Buffer.alloc(8), digest, salt]));
    const mask = Buffer.concat(
      [0, 1, 2, 3, 4, 5, 6].map((n) => hashes(Buffer.concat([h, Buffer.of(0, 0, 0, n)]))),
    ).subarray(0, 223);
    const encode = (change: (block: Buffer) => void) => {
      const block = Buffer.concat([Buffer.alloc(190), Buffer.of(1), salt]);
      change(block);
      const masked = Buffer.from(block.map((byte, at) => byte ^ (mask[at] ?? 0)));
      masked[0] = (masked[0] ?? 0) & 0x7f;
      const encoded = Buffer.concat([masked, h, Buffer.of(0xbc)]);
      return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
    };
    expect(
      verifyPssDigest(
        publicKey,
        digest,
        encode(() => undefined),
      ),
    ).toBe(true);
    const wrong = [
      (b: Buffer) => b.fill(2, 190, 191),
      (b: Buffer) => b.fill(1, 100, 101),
      (b: Buffer) => b.fill(1, 5, 6),
    ];
    for (const change of wrong) expect(verifyPssDigest(publicKey, digest, encode(change))).toBe(false);
  });
});
