import { describe, expect, test } from 'vitest';
import { name } from '../../test/support/certificates.ts';
import { DerReader } from '../der/reader.ts';
import { element, integer, NULL, objectIdentifier, sequence, setOf, utf8String } from '../der/writer.ts';
import { DerError } from '../errors.ts';
import { nameAttributes, nameText, readName } from './name.ts';

const CN = objectIdentifier('2.5.4.3');

describe('a name', () => {
  test('has its attributes in encoded order, with their short names', () => {
    const encoded = name(
      ['C', 'JP'],
      ['O', 'JPKI'],
      ['OU', 'JPKI for digital signature'],
      ['CN', '署名 太郎'],
    );
    expect(nameAttributes(encoded)).toEqual([
      { type: 'C', value: 'JP' },
      { type: 'O', value: 'JPKI' },
      { type: 'OU', value: 'JPKI for digital signature' },
      { type: 'CN', value: '署名 太郎' },
    ]);
    expect(nameText(encoded)).toBe('C=JP, O=JPKI, OU=JPKI for digital signature, CN=署名 太郎');
  });

  test('an unknown type stands as its object identifier', () => {
    expect(nameText(name(['1.2.3.4', 'x']))).toBe('1.2.3.4=x');
  });

  test('several attributes in one RDN are all told', () => {
    const pair = (oid: string, value: string) => sequence(objectIdentifier(oid), utf8String(value));
    const rdn = sequence(setOf(pair('2.5.4.3', 'a'), pair('2.5.4.10', 'b')));
    expect(nameText(rdn)).toBe('CN=a, O=b');
  });

  test('control characters cannot reach a terminal', () => {
    expect(nameText(name(['CN', 'a\u001b[31mb\nc']))).toBe('CN=a\u{fffd}[31mb\u{fffd}c');
  });

  test('a value of a type JPKI does not use is shown in hex, not refused', () => {
    const teletex = element(0x14, Buffer.from('x'));
    expect(nameText(sequence(setOf(sequence(CN, teletex))))).toBe('CN=#140178');
    expect(nameText(sequence(setOf(sequence(CN, sequence(NULL)))))).toBe('CN=#30020500');
  });

  test('the empty name is a name', () => {
    expect(nameText(sequence())).toBe('');
  });
});

describe.each([
  ['nameAttributes', (bytes: Uint8Array) => nameAttributes(bytes)],
  ['readName', (bytes: Uint8Array) => readName(new DerReader(bytes))],
])('%s refuses', (_, read) => {
  const rdns = (count: number) => Array.from({ length: count }, () => setOf(sequence(CN, utf8String('x'))));

  test.each([
    ['no SEQUENCE', setOf()],
    ['an empty RDN', sequence(setOf())],
    ['an attribute without value', sequence(setOf(sequence(CN)))],
    ['an attribute with two values', sequence(setOf(sequence(CN, utf8String('a'), utf8String('b'))))],
    [
      'an attribute whose type is no object identifier',
      sequence(setOf(sequence(integer(3), utf8String('a')))),
    ],
    ['a SEQUENCE in place of the SET', sequence(sequence(sequence(CN, utf8String('a'))))],
    ['more attributes than any name has', sequence(...rdns(65))],
  ])('%s', (_name, bytes) => {
    expect(() => read(bytes)).toThrow(DerError);
  });

  test('nothing up to the bound', () => {
    expect(() => read(sequence(...rdns(64)))).not.toThrow();
  });
});
