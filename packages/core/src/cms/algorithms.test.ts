import { expect, test } from 'vitest';
import { DerReader } from '../der/reader.ts';
import { NULL, objectIdentifier, octetString, sequence } from '../der/writer.ts';
import { CoreError } from '../errors.ts';
import {
  DIGEST_ALGORITHM,
  isRsaSignature,
  RSA_SIGNATURE_ALGORITHM,
  readDigestAlgorithm,
} from './algorithms.ts';

test.each(['sha256', 'sha384', 'sha512'] as const)(
  '%s is written without parameters and read with and without',
  (hash) => {
    const written = DIGEST_ALGORITHM[hash];
    const oid = written.subarray(2);
    expect(oid[oid.length - 2]).not.toBe(0x05);
    expect(readDigestAlgorithm(new DerReader(written))).toBe(hash);
    expect(readDigestAlgorithm(new DerReader(sequence(oid, NULL)))).toBe(hash);
    expect(readDigestAlgorithm(new DerReader(sequence(oid, octetString(oid))))).toBeUndefined();
  },
);

test('rsaEncryption is written with NULL and fits every hash', () => {
  expect(Buffer.from(RSA_SIGNATURE_ALGORITHM).toString('hex')).toBe('300d06092a864886f70d0101010500');
  expect(isRsaSignature(new DerReader(RSA_SIGNATURE_ALGORITHM), 'sha512')).toBe(true);
});

test('what is no algorithm identifier is a typed error', () => {
  for (const bytes of [NULL, sequence(), sequence(NULL), sequence(objectIdentifier('1.2.3'), NULL, NULL)]) {
    expect(() => readDigestAlgorithm(new DerReader(bytes))).toThrow(CoreError);
  }
});
