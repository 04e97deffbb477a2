import { constants, generateKeyPairSync, privateEncrypt, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyNamed } from '../test/support/certificates.ts';
import { digestInfo, digestOf, type HashName } from './digest-info.ts';
import { verifyRsa, verifyRsaDigest } from './rsa.ts';

const { privateKey, publicKey } = keyNamed('signer');
const MESSAGE = Buffer.from('message');
const HASHES: readonly HashName[] = ['sha1', 'sha256', 'sha384', 'sha512'];

/** Both ways to verify, over the same message. */
const verifiers = [
  ['verifyRsa', verifyRsa],
  [
    'verifyRsaDigest',
    (key: typeof publicKey, hash: HashName, message: Uint8Array, signature: Uint8Array) =>
      verifyRsaDigest(key, hash, digestOf(hash, message), signature),
  ],
] as const;

/** "Signs" any 256-byte block: the signature that a forger with the key could make. */
const raw = (block: Uint8Array) =>
  privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, block);

/** A block of type 1 with `padding` octets before the zero and `rest` behind it. */
const block = (padding: number, rest: Uint8Array, type = 1, filler = 0xff) =>
  Buffer.concat([Uint8Array.of(0, type), new Uint8Array(padding).fill(filler), Uint8Array.of(0), rest]);

describe.each(verifiers)('%s', (_, verify) => {
  test.each(HASHES)('accepts %s by node:crypto and refuses another message, hash and key', (hash) => {
    const signature = sign(hash, MESSAGE, privateKey);
    expect(verify(publicKey, hash, MESSAGE, signature)).toBe(true);
    expect(verify(publicKey, hash, Buffer.from('Message'), signature)).toBe(false);
    expect(verify(keyNamed('other').publicKey, hash, MESSAGE, signature)).toBe(false);
    for (const other of HASHES.filter((name) => name !== hash)) {
      expect(verify(publicKey, other, MESSAGE, signature)).toBe(false);
    }
  });

  const info = digestInfo('sha256', digestOf('sha256', MESSAGE));
  const filled = 256 - 3 - info.length;

  test('accepts the block it must be', () => {
    expect(verify(publicKey, 'sha256', MESSAGE, raw(block(filled, info)))).toBe(true);
  });

  test.each([
    ['garbage behind the digest', block(filled - 4, Buffer.concat([info, Buffer.from('junk')]))],
    ['short padding and a long tail', block(8, Buffer.concat([info, new Uint8Array(filled - 8)]))],
    ['padding of zeros', block(filled, info, 1, 0)],
    ['padding with one wrong octet', Buffer.from(block(filled, info)).fill(0xfe, 100, 101)],
    ['block type 2', block(filled, info, 2)],
    ['block type 0', block(filled, info, 0)],
    ['the bare digest', block(256 - 3 - 32, digestOf('sha256', MESSAGE))],
    ['DigestInfo without NULL', block(filled + 2, withoutNull(info))],
    ['a length of DigestInfo in long form', block(filled - 1, longForm(info))],
    ['garbage in the parameters', block(filled - 2, withParameters(info))],
  ])('refuses %s', (_name, bytes) => {
    expect(bytes).toHaveLength(256);
    expect(verify(publicKey, 'sha256', MESSAGE, raw(bytes))).toBe(false);
  });

  test('refuses signatures of another length, also without their leading zeros', () => {
    const { message, signature } = signatureWithLeadingZero();
    expect(verify(publicKey, 'sha256', message, signature)).toBe(true);
    expect(verify(publicKey, 'sha256', message, signature.subarray(1))).toBe(false);
    expect(verify(publicKey, 'sha256', message, Buffer.concat([Uint8Array.of(0), signature]))).toBe(false);
    expect(verify(publicKey, 'sha256', message, new Uint8Array())).toBe(false);
  });

  test('refuses a signature that is not reduced by the modulus', () => {
    const { n } = publicKey.export({ format: 'jwk' });
    const modulus = BigInt(`0x${Buffer.from(n ?? '', 'base64url').toString('hex')}`);
    for (let count = 0; ; count++) {
      const message = Buffer.from(`message ${count}`);
      const value = BigInt(`0x${sign('sha256', message, privateKey).toString('hex')}`) + modulus;
      if (value >= 1n << 2048n) continue;
      const signature = Buffer.from(value.toString(16).padStart(512, '0'), 'hex');
      expect(verify(publicKey, 'sha256', message, signature)).toBe(false);
      break;
    }
  });

  test('refuses the signatures zero and one', () => {
    for (const signature of [new Uint8Array(256), Buffer.alloc(256).fill(1, 255)]) {
      expect(verify(publicKey, 'sha256', MESSAGE, signature)).toBe(false);
    }
  });

  test('a key of another kind verifies nothing, not even its own signatures', () => {
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const pair of [pss, ec]) {
      expect(verify(pair.publicKey, 'sha256', MESSAGE, sign('sha256', MESSAGE, pair.privateKey))).toBe(false);
    }
  });

  test('RSA-PSS by the same key is no PKCS#1 v1.5', () => {
    const signature = sign('sha256', MESSAGE, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING });
    expect(verify(publicKey, 'sha256', MESSAGE, signature)).toBe(false);
  });
});

describe('both ways answer as one', () => {
  const [[, whole], [, byDigest]] = verifiers;

  test('on every octet of the block that is another one', () => {
    const info = digestInfo('sha256', digestOf('sha256', MESSAGE));
    const right = block(256 - 3 - info.length, info);
    for (const bit of [1, 0x80]) {
      for (let at = 0; at < right.length; at++) {
        const changed = Buffer.from(right);
        changed[at] = (changed[at] ?? 0) ^ bit;
        // A first octet of 80 is more than the modulus: nobody could sign it.
        if (changed[0] === 0x80) continue;
        const signature = raw(changed);
        expect([at, whole(publicKey, 'sha256', MESSAGE, signature)]).toEqual([at, false]);
        expect([at, byDigest(publicKey, 'sha256', MESSAGE, signature)]).toEqual([at, false]);
      }
    }
  });

  test('with a modulus that fills no whole number of bytes', () => {
    const odd = keyNamed('odd', 2050);
    const signature = sign('sha256', MESSAGE, odd.privateKey);
    expect(signature).toHaveLength(257);
    for (const [value, answer] of [
      [signature, true],
      [signature.subarray(1), false],
      // 256 bytes, and less than any modulus of that length.
      [raw(Buffer.from(signature.subarray(1)).fill(0, 0, 1)), false],
    ] as const) {
      expect(whole(odd.publicKey, 'sha256', MESSAGE, value)).toBe(answer);
      expect(byDigest(odd.publicKey, 'sha256', MESSAGE, value)).toBe(answer);
    }
  });
});

test('a digest of another length is a mistake of the caller', () => {
  expect(() => verifyRsaDigest(publicKey, 'sha256', new Uint8Array(20), new Uint8Array(256))).toThrow(
    RangeError,
  );
});

function signatureWithLeadingZero() {
  for (let count = 0; ; count++) {
    const message = Buffer.from(`message ${count}`);
    const signature = sign('sha256', message, privateKey);
    if (signature[0] === 0) return { message, signature };
  }
}

/** 30 31 30 0d 06 09 … 05 00 04 20 …, with the NULL left out. */
function withoutNull(info: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x30, 0x2f, 0x30, 0x0b), info.subarray(4, 15), info.subarray(17)]);
}

function longForm(info: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x30, 0x81), info.subarray(1)]);
}

function withParameters(info: Uint8Array): Uint8Array {
  const parameters = Uint8Array.of(0x04, 2, 0x13, 0x37);
  return Buffer.concat([
    Uint8Array.of(0x30, 0x33, 0x30, 0x0f),
    info.subarray(4, 15),
    parameters,
    info.subarray(17),
  ]);
}
