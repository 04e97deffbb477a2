import { describe, expect, test } from 'vitest';
import { contextConstructed } from '../der/tags.ts';
import { element, ia5String, NULL, objectIdentifier, sequence, utf8String } from '../der/writer.ts';
import { CoreError } from '../errors.ts';
import { holderAttributes } from './holder-attributes.ts';

const other = (oid: string, value: Uint8Array) =>
  element(contextConstructed(0), objectIdentifier(oid), element(contextConstructed(0), value));
const attribute = (last: number, text: string) => other(`1.2.392.200149.8.5.5.${last}`, utf8String(text));

describe('the four basic attributes', () => {
  test('are read in whatever order they stand, and the substitution maps are left out', () => {
    const names = sequence(
      attribute(1, '見本　花子'),
      attribute(4, '420010203'),
      attribute(3, '2'),
      attribute(5, '見本県見本市１－２'),
      attribute(2, '00000'),
      attribute(6, '000000000'),
    );
    expect(holderAttributes(names)).toEqual({
      name: '見本　花子',
      address: '見本県見本市１－２',
      birthDate: '2001-02-03',
      sex: 'female',
    });
  });

  test.each([
    ['1', 'male'],
    ['2', 'female'],
    ['9', 'not-applicable'],
    ['0', 'unknown'],
    ['', 'unknown'],
    ['constructor', 'unknown'],
  ])('sex %s is %s', (text, sex) => {
    expect(holderAttributes(sequence(attribute(3, text)))).toEqual({ sex });
  });

  test.each(['20010203', '620010203', '42001023', '420011303', '420010230', '420010000', '4200１０203', ''])(
    'the birth date "%s" is left out rather than guessed',
    (text) => {
      expect(holderAttributes(sequence(attribute(4, text)))).toEqual({});
    },
  );

  test('29 February is a birth date in leap years only', () => {
    expect(holderAttributes(sequence(attribute(4, '420000229'))).birthDate).toBe('2000-02-29');
    expect(holderAttributes(sequence(attribute(4, '420010229'))).birthDate).toBeUndefined();
  });

  test('other names of the holder are passed over', () => {
    const mail = element(0x81, ia5String('x').subarray(2));
    const upn = other('1.3.6.1.4.1.311.20.2.3', utf8String('x'));
    expect(holderAttributes(sequence(mail, upn, attribute(1, '名')))).toEqual({ name: '名' });
    expect(holderAttributes(sequence())).toEqual({});
  });
});

test.each([
  ['no list of names', NULL],
  ['an attribute that stands twice', sequence(attribute(1, '甲'), attribute(1, '乙'))],
  ['an attribute that is no UTF-8 text', sequence(other('1.2.392.200149.8.5.5.1', ia5String('x')))],
  ['an attribute without value', sequence(element(0xa0, objectIdentifier('1.2.392.200149.8.5.5.1')))],
  ['a name cut off', Uint8Array.of(0x30, 2, 0xa0, 5)],
])('%s is refused', (_, bytes) => {
  expect(() => holderAttributes(bytes)).toThrow(CoreError);
});
