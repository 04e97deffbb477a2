import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { digestInfo, digestLength, digestOf, type HashName } from './digest-info.ts';

// RFC 8017, 9.2, note 1.
test.each<[HashName, string, number]>([
  ['sha1', '3021300906052b0e03021a05000414', 20],
  ['sha256', '3031300d060960864801650304020105000420', 32],
  ['sha384', '3041300d060960864801650304020205000430', 48],
  ['sha512', '3051300d060960864801650304020305000440', 64],
])('DigestInfo of %s is exactly its prefix and the digest', (hash, prefix, length) => {
  const digest = createHash(hash).update('message').digest();
  expect(Buffer.from(digestInfo(hash, digest)).toString('hex')).toBe(prefix + digest.toString('hex'));
  expect(digestLength(hash)).toBe(length);
  expect(digestOf(hash, Buffer.from('message'))).toEqual(digest);
});

test.each<[HashName, number]>([
  ['sha1', 32],
  ['sha256', 20],
  ['sha256', 31],
  ['sha256', 33],
  ['sha256', 0],
  ['sha384', 64],
  ['sha512', 51],
])('%s with %i bytes is refused: nothing but a digest gets signed', (hash, length) => {
  expect(() => digestInfo(hash, new Uint8Array(length))).toThrow(RangeError);
});
