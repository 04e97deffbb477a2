import { expect, test } from 'vitest';
import { OidTable } from '../der/oid-table.ts';
import { DerReader } from '../der/reader.ts';
import { element, integer, NULL, objectIdentifier, sequence } from '../der/writer.ts';
import { DerError } from '../errors.ts';
import { readAlgorithm } from './algorithm.ts';

const OID = '1.2.840.113549.1.1.11';
const read = (...parameters: Uint8Array[]) =>
  readAlgorithm(new DerReader(sequence(objectIdentifier(OID), ...parameters)), TABLE);
const TABLE = new OidTable([[OID, 'known']]);

test('an algorithm is told by its identifier, with NULL or without parameters', () => {
  expect(read()).toBe('known');
  expect(read(NULL)).toBe('known');
});

test('an algorithm with parameters of its own is none of ours', () => {
  expect(read(sequence())).toBeUndefined();
  expect(read(integer(1))).toBeUndefined();
  expect(read(element(0x05, Uint8Array.of(0)))).toBeUndefined();
});

test('two parameters are no algorithm', () => {
  expect(() => read(NULL, NULL)).toThrow(DerError);
});

test('an algorithm that is not in the table is none', () => {
  expect(readAlgorithm(new DerReader(sequence(objectIdentifier('1.2.3'))), TABLE)).toBeUndefined();
});
