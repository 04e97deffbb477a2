import { encodeTlv } from '@jpki/iso7816';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCardNumber } from './common/card-number.ts';
import { CardDataInvalidError } from './errors.ts';
import {
  readAttributes,
  readCardKeyRecord,
  readIntegrity,
  readMyNumber,
  readSessionKey,
  readTextBasicInformation,
} from './text/records.ts';
import { readAge, readFace, readNumberImage, readVisualBasicInformation } from './visual/records.ts';

const text = (value: string) => Buffer.from(value);
const KEY = Buffer.concat([encodeTlv(0x90, Buffer.of(1, 0, 1)), encodeTlv(0x91, Buffer.alloc(256, 0xff))]);
const SIGNATURE = Buffer.alloc(256, 7);

/** A record with a right table of offsets, if `offsets` names its tag. */
function record(
  tag: number,
  fields: readonly (readonly [number, Uint8Array])[],
  offsets?: number,
): Uint8Array {
  const objects = fields.map(([inner, value]) => encodeTlv(inner, value));
  if (offsets === undefined) return encodeTlv(tag, ...objects);
  const tableLength = 3 + 2 * objects.length;
  const length = objects.reduce((sum, object) => sum + object.length, tableLength);
  let at = encodeTlv(tag, new Uint8Array(length)).length - length + tableLength;
  const table: number[] = [];
  for (const object of objects) {
    table.push(at >> 8, at & 0xff);
    at += object.length;
  }
  return encodeTlv(tag, encodeTlv(offsets, Uint8Array.from(table)), ...objects);
}

const attributes = (changes: Readonly<Record<number, Uint8Array>> = {}) =>
  record(
    0xff20,
    (
      [
        [0xdf22, text('見本　太郎')],
        [0xdf23, text('架空県見本市一丁目１－１')],
        [0xdf24, text('19800229')],
        [0xdf25, text('1')],
      ] as const
    ).map(([tag, value]) => [tag, changes[tag] ?? value] as const),
    0xdf21,
  );

const FACE = record(
  0xff20,
  [
    [0xdf22, text('19800229')],
    [0xdf23, text('2')],
    [0xdf24, KEY],
    [0xdf25, text('name')],
    [0xdf26, text('address')],
    [0xdf27, Buffer.alloc(700, 1)],
    [0xdf28, SIGNATURE],
    [0xdf29, text('20350228')],
    [0xdf2a, text('code')],
  ],
  0xdf21,
);

/** Every reader with a record it takes. */
const READERS: Readonly<Record<string, readonly [(bytes: Uint8Array) => unknown, Uint8Array]>> = {
  attributes: [readAttributes, attributes()],
  myNumber: [readMyNumber, Buffer.concat([encodeTlv(0xff10, text('123456789018')), Buffer.of(0xff, 0xff)])],
  integrity: [
    readIntegrity,
    record(0xff30, [
      [0xdf31, Buffer.alloc(32)],
      [0xdf32, Buffer.alloc(32)],
      [0xdf33, SIGNATURE],
    ]),
  ],
  cardKey: [
    readCardKeyRecord,
    record(0xff50, [
      [0xdf51, KEY],
      [0xdf52, SIGNATURE],
    ]),
  ],
  sessionKey: [readSessionKey, encodeTlv(0xa1, KEY)],
  textBasicInformation: [
    readTextBasicInformation,
    record(0xff40, [
      [0xdf41, Buffer.alloc(4)],
      [0xdf42, Buffer.alloc(16)],
      [0xdf43, Buffer.alloc(128)],
    ]),
  ],
  age: [
    readAge,
    record(0xff10, [
      [0xdf11, text('19800229')],
      [0xdf12, KEY],
      [0xdf13, SIGNATURE],
    ]),
  ],
  face: [readFace, FACE],
  numberImage: [
    readNumberImage,
    record(0xff40, [
      [0xdf41, text('image')],
      [0xdf42, KEY],
      [0xdf43, SIGNATURE],
    ]),
  ],
  visualBasicInformation: [
    readVisualBasicInformation,
    record(0xff30, [
      [0xdf31, Buffer.alloc(4)],
      [0xdf32, Buffer.alloc(16)],
      [0xdf33, Buffer.alloc(1)],
      [0xdf34, text('13221')],
      [0xdf35, Buffer.alloc(272)],
    ]),
  ],
  cardNumber: [readCardNumber, Buffer.concat([Buffer.of(1, 28), text('4000000000000001322120350217')])],
};

describe.each(Object.entries(READERS))('the reader of %s', (_, [read, bytes]) => {
  test('takes a record as the card writes it', () => {
    expect(() => read(bytes)).not.toThrow();
  });

  test('refuses it cut short anywhere, with an error of ours', () => {
    const content = bytes.at(-1) === 0xff && bytes.at(-2) === 0xff ? bytes.length - 2 : bytes.length;
    for (let length = 0; length < content; length++)
      expect(() => read(bytes.subarray(0, length))).toThrow(CardDataInvalidError);
  });

  test('refuses filler and nothing', () => {
    for (const other of [new Uint8Array(), Buffer.alloc(300), Buffer.alloc(300, 0xff)])
      expect(() => read(other)).toThrow(CardDataInvalidError);
  });

  test('takes changed bytes or refuses them with an error of ours', () => {
    const mutation = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255), insert: fc.boolean() });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        let changed: Uint8Array = Uint8Array.from(bytes);
        for (const { at, value, insert } of mutations) {
          if (insert)
            changed = Buffer.concat([changed.subarray(0, at), Buffer.of(value), changed.subarray(at)]);
          else changed[at] = value;
        }
        try {
          read(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(CardDataInvalidError);
        }
      }),
      { numRuns: 400, seed: 4 },
    );
  });
});

describe('attributes', () => {
  test('are handed out exactly as on the card', () => {
    expect(readAttributes(attributes()).attributes).toEqual({
      name: '見本　太郎',
      address: '架空県見本市一丁目１－１',
      birthDate: '1980-02-29',
      sex: 'male',
    });
  });

  test.each([
    ['0', 'unknown'],
    ['2', 'female'],
    ['9', 'not-applicable'],
  ])('sex %s is %s', (code, sex) => {
    expect(readAttributes(attributes({ 57125: text(code) })).attributes.sex).toBe(sex);
  });

  test.each([
    ['an unknown sex', { 57125: text('3') }],
    ['no sex', { 57125: text('') }],
    ['a birth date that is none', { 57124: text('19810229') }],
    ['a short birth date', { 57124: text('800229') }],
    ['a name that is no UTF-8', { 57122: Buffer.of(0xe9, 0xbb) }],
  ])('with %s are refused', (_, changes) => {
    expect(() => readAttributes(attributes(changes))).toThrow(CardDataInvalidError);
  });

  test('with a table of offsets that lies are refused, since no signature covers it', () => {
    const bytes = attributes();
    bytes[7] = (bytes[7] ?? 0) ^ 1;
    expect(() => readAttributes(bytes)).toThrow(CardDataInvalidError);
  });

  test('longer than 127 bytes are read with lengths written 82 hh ll', () => {
    const address = 'あ'.repeat(80);
    expect(readAttributes(attributes({ 57123: text(address) })).attributes.address).toBe(address);
  });
});

test('errors do not show what the card said', () => {
  const bytes = attributes({ 57125: text('3') });
  expect(() => readAttributes(bytes)).toThrow(/^((?!見本).)*$/);
});
