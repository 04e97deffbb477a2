import { expect, test } from 'vitest';
import { DerError } from '../errors.ts';
import { dottedOid } from './oid.ts';

const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

test.each([
  ['00', '0.0'],
  ['27', '0.39'],
  ['28', '1.0'],
  ['4F', '1.39'],
  ['50', '2.0'],
  ['8837', '2.999'],
  ['551D0F', '2.5.29.15'],
  ['2B06010505070302', '1.3.6.1.5.5.7.3.2'],
  // 2^63: beyond what a number holds exactly.
  ['2A81808080808080808000', '1.2.9223372036854775808'],
])('%s is %s', (contents, dotted) => {
  expect(dottedOid(hex(contents))).toBe(dotted);
});

test('arcs beyond 2^64 do not wrap onto smaller ones (CVE-2025-66030)', () => {
  // 2^32 + 1: an implementation with 32-bit arcs would read 1.2.1.
  expect(dottedOid(hex('2A9080808001'))).toBe('1.2.4294967297');
});

test.each([
  ['', 'nothing'],
  ['2A80', 'an unfinished arc'],
  ['2A8001', 'a padded arc'],
  ['8001', 'a padded first arc'],
  ['FF', 'continuation only'],
  ['01'.repeat(65), 'more octets than any identifier has'],
])('"%s" is refused: %s', (contents) => {
  expect(() => dottedOid(hex(contents))).toThrow(DerError);
});
