import { createPublicKey, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyNamed } from '../../test/support/certificates.ts';
import { integer, sequence } from '../der/writer.ts';
import { digestOf } from '../digest-info.ts';
import { CoreError } from '../errors.ts';
import { RsaPublicKey } from './rsa-public-key.ts';

const MESSAGE = Buffer.from('message');
const DIGEST = digestOf('sha256', MESSAGE);
const pkcs1 = (name: string, bits?: number) =>
  keyNamed(name, bits).publicKey.export({ format: 'der', type: 'pkcs1' });

describe.each([
  ['signer', 2048],
  ['odd', 2050],
] as const)('the key %s of %i bits', (name, bits) => {
  const { privateKey } = keyNamed(name, bits);
  const signature = sign('sha256', MESSAGE, privateKey);
  const changed = Buffer.from(signature).fill((signature[100] ?? 0) ^ 1, 100, 101);
  const answers = (key: RsaPublicKey) => [
    key.verifies('sha256', DIGEST, signature),
    key.verifies('sha256', DIGEST, changed),
    key.verifies('sha256', digestOf('sha256', signature), signature),
    key.verifies('sha512', digestOf('sha512', MESSAGE), signature),
    key.verifies('sha256', DIGEST, signature.subarray(1)),
    key.verifies('sha256', DIGEST, Buffer.concat([Uint8Array.of(0), signature])),
    key.verifies('sha256', DIGEST, new Uint8Array()),
  ];
  const expected = [true, false, false, false, false, false, false];

  test('gives the same answers when first used, when used again, and when imported before', () => {
    const used = new RsaPublicKey(pkcs1(name, bits));
    expect(answers(used)).toEqual(expected);
    expect(answers(used)).toEqual(expected);
    // Each answer by a key that was never used.
    const fresh = {
      verifies: (...asked) => new RsaPublicKey(pkcs1(name, bits)).verifies(...asked),
    } as RsaPublicKey;
    expect(answers(fresh)).toEqual(expected);
    const imported = new RsaPublicKey(pkcs1(name, bits));
    expect(imported.keyObject.equals(createPublicKey(privateKey))).toBe(true);
    expect(answers(imported)).toEqual(expected);
  });

  test('does not take a signature that lost its leading zero, first or second', () => {
    for (let count = 0; ; count++) {
      const message = Buffer.from(`message ${count}`);
      const full = sign('sha256', message, privateKey);
      if (full[0] !== 0) continue;
      const key = new RsaPublicKey(pkcs1(name, bits));
      const digest = digestOf('sha256', message);
      expect(key.verifies('sha256', digest, full.subarray(1))).toBe(false);
      expect(key.verifies('sha256', digest, full.subarray(1))).toBe(false);
      expect(key.verifies('sha256', digest, full)).toBe(true);
      break;
    }
  });
});

test('an even modulus verifies nothing', () => {
  const key = new RsaPublicKey(sequence(integer(new Uint8Array(256).fill(0xfe)), integer(65_537)));
  expect(key.verifies('sha256', DIGEST, new Uint8Array(256).fill(1))).toBe(false);
  expect(key.verifies('sha256', DIGEST, new Uint8Array(256).fill(1))).toBe(false);
});

test('a digest of another length is a mistake of the caller', () => {
  const key = new RsaPublicKey(pkcs1('signer'));
  expect(() => key.verifies('sha256', new Uint8Array(20), new Uint8Array(256))).toThrow(RangeError);
});

test('what is no key is refused', () => {
  expect(() => new RsaPublicKey(new Uint8Array())).toThrow(CoreError);
  expect(() => new RsaPublicKey(sequence(integer(Uint8Array.of(5)), integer(3)))).toThrow(CoreError);
});
