import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TlvFormatError } from './errors.ts';
import { fromHex, toHex } from './hex.ts';
import { encodeTlv, readTlv, readTlvHeader, readTlvs } from './tlv.ts';

describe('reading', () => {
  test.each([
    ['0401AA', 0x04, 'AA', 'one byte of tag and length'],
    ['0400', 0x04, '', 'an empty value'],
    ['5F3702AABB', 0x5f37, 'AABB', 'a tag of two bytes'],
    ['DF810101AA', 0xdf8101, 'AA', 'a tag of three bytes'],
    ['7F210101', 0x7f21, '01', 'a constructed tag'],
    ['048101AA', 0x04, 'AA', 'a length of one more byte than needed'],
    ['DF25820001AA', 0xdf25, 'AA', 'the 82 hh ll of the card'],
    ['0484000000 01AA', 0x04, 'AA', 'four length bytes'],
  ])('%s is read: %4$s', (hex, tag, value) => {
    const bytes = fromHex(hex);
    expect(readTlv(bytes)).toEqual({ tag, value: fromHex(value), encoded: bytes });
  });

  test('filler after the object is left alone', () => {
    expect(readTlv(fromHex('0401AAFFFF')).encoded).toEqual(fromHex('0401AA'));
  });

  test('an object is read at an offset, as views on the same bytes', () => {
    const bytes = fromHex('FFFFDF3102AABB');
    const { tag, value, encoded } = readTlv(bytes, 2);
    bytes[5] = 0xcc;
    expect([tag, toHex(value), toHex(encoded)]).toEqual([0xdf31, 'CCBB', 'DF3102CCBB']);
  });

  test.each([
    ['', 'nothing'],
    ['04', 'no length'],
    ['1F', 'a tag that goes on beyond the end'],
    ['0482FF', 'a length that goes on beyond the end'],
    ['0402AA', 'a value that is cut off'],
    ['0484FFFFFFFF', 'a value of 4 GiB'],
    ['0480AA0000', 'an indefinite length'],
    ['04850000000001AA', 'five length bytes'],
    ['04FFAA', 'the length form that X.690 reserves'],
    ['1F81810101AA', 'a tag of four bytes'],
    ['1F8181810101AA', 'a tag of five bytes'],
    ['FFFFFFFFFFFF', 'an erased file'],
  ])('%j is refused: %s', (hex) => {
    expect(() => readTlv(fromHex(hex))).toThrow(TlvFormatError);
  });

  test('a header that is not complete yet is no error', () => {
    const complete = fromHex('7F2182012C');
    for (let length = 0; length < complete.length; length++)
      expect(readTlvHeader(complete.subarray(0, length))).toBeUndefined();
    expect(readTlvHeader(complete)).toEqual({ tag: 0x7f21, start: 5, end: 305 });
  });

  test('any bytes are read or refused with a TlvFormatError, and never looked at beyond their end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), fc.nat(30), (bytes, offset) => {
        try {
          const { encoded, value } = readTlv(bytes, offset);
          expect(offset + encoded.length).toBeLessThanOrEqual(bytes.length);
          expect(value.length).toBeLessThan(encoded.length);
        } catch (error) {
          expect(error).toBeInstanceOf(TlvFormatError);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('reading a template', () => {
  test('objects follow one another', () => {
    const objects = readTlvs(fromHex('0401AA 5F370102 0500'));
    expect(objects.map(({ tag, value }) => [tag, toHex(value)])).toEqual([
      [0x04, 'AA'],
      [0x5f37, '02'],
      [0x05, ''],
    ]);
    expect(readTlvs(new Uint8Array())).toEqual([]);
  });

  test('more objects than the limit are refused', () => {
    expect(readTlvs(new Uint8Array(2 * 256)).length).toBe(256);
    expect(() => readTlvs(new Uint8Array(2 * 257))).toThrow(TlvFormatError);
    expect(readTlvs(fromHex('04000400'), 2).length).toBe(2);
    expect(() => readTlvs(fromHex('040004000400'), 2)).toThrow(TlvFormatError);
  });

  test('a cut-off last object is refused', () => {
    expect(() => readTlvs(fromHex('0401AA0402AA'))).toThrow(TlvFormatError);
  });
});

describe('encoding', () => {
  test.each([
    [0, '00'],
    [127, '7F'],
    [128, '8180'],
    [255, '81FF'],
    [256, '820100'],
    [65_535, '82FFFF'],
    [65_536, '83010000'],
  ])('a value of %i bytes has the length field %s', (length, field) => {
    const encoded = encodeTlv(0x7f21, new Uint8Array(length));
    expect(toHex(encoded.subarray(0, 2 + field.length / 2))).toBe(`7F21${field}`);
    expect(encoded.length).toBe(2 + field.length / 2 + length);
    expect(readTlv(encoded).value.length).toBe(length);
  });

  test('several values are joined', () => {
    expect(toHex(encodeTlv(0x30, fromHex('0401AA'), fromHex('0500')))).toBe('30050401AA0500');
  });

  test.each([0, -1, 1.5, 0x1000000, Number.NaN])('the tag %d is refused', (tag) => {
    expect(() => encodeTlv(tag)).toThrow(RangeError);
  });

  const oneByte = fc.integer({ min: 1, max: 0xff }).filter((tag) => (tag & 0x1f) !== 0x1f);
  const leading = fc.constantFrom(0x1f, 0x3f, 0x5f, 0x7f, 0x9f, 0xbf, 0xdf, 0xff);
  const last = fc.integer({ min: 0, max: 0x7f });
  const middle = fc.integer({ min: 0x80, max: 0xff });
  const tags = fc.oneof(
    oneByte,
    fc.tuple(leading, last).map(([a, b]) => a * 0x100 + b),
    fc.tuple(leading, middle, last).map(([a, b, c]) => (a * 0x100 + b) * 0x100 + c),
  );

  test('reading what was encoded gives the same objects', () => {
    const objects = fc.array(fc.tuple(tags, fc.uint8Array({ maxLength: 300 })), { maxLength: 8 });
    fc.assert(
      fc.property(objects, (originals) => {
        const bytes = fromHex(originals.map(([tag, value]) => toHex(encodeTlv(tag, value))).join(''));
        expect(readTlvs(bytes).map(({ tag, value }) => [tag, toHex(value)])).toEqual(
          originals.map(([tag, value]) => [tag, toHex(value)]),
        );
      }),
    );
  });
});
