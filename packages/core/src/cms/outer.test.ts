import { describe, expect, test } from 'vitest';
import { counting } from '../../test/support/sources.ts';
import { octetString } from '../der/writer.ts';
import { CmsFormatError } from '../errors.ts';
import { bytesSource } from './byte-source.ts';
import { closeElement, isEndOfContents, octetStringRanges, readHeader } from './outer.ts';

const source = (text: string) => bytesSource(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const header = (text: string, limit = 1 << 20) => readHeader(source(text), 0, limit);

describe('a header', () => {
  test.each([
    ['3000', { tag: 0x30, start: 2, end: 2 }],
    ['3080', { tag: 0x30, start: 2, end: undefined }],
    ['308105', { tag: 0x30, start: 3, end: 8 }],
    ['3084 00000005', { tag: 0x30, start: 6, end: 11 }],
    ['3086 000000000005', { tag: 0x30, start: 8, end: 13 }],
  ])('%s is read, in BER as well', (text, expected) => {
    expect(header(text)).toEqual(expected);
  });

  test.each([
    ['', 'nothing'],
    ['30', 'a tag alone'],
    ['1F0100', 'a tag of several bytes'],
    ['3087 00000000000005', 'seven length octets'],
    ['30FF', '127 length octets'],
    ['3082 01', 'a length cut off'],
    ['3086 FFFFFFFFFFFF', 'a length of 256 TiB'],
    ['3084 00100000', 'an end beyond the parent'],
  ])('%s is refused: %s', (text) => {
    expect(() => header(text)).toThrow(CmsFormatError);
  });

  test('behind the end of its parent is refused without a read of negative length', () => {
    const counted = counting(source('3000 3000'));
    expect(() => readHeader(counted, 4, 2)).toThrow(CmsFormatError);
    expect(counted.bytesRead).toBe(0);
  });
});

test('an end of contents is two zeros within the source', () => {
  expect(isEndOfContents(source('0000'), 0)).toBe(true);
  expect(isEndOfContents(source('0001'), 0)).toBe(false);
  expect(isEndOfContents(source('00'), 0)).toBe(false);
  expect(isEndOfContents(source('0000'), 7)).toBe(false);
});

test('an element closes where its length says, or at its end of contents', () => {
  expect(closeElement(source('3000'), { tag: 0x30, start: 2, end: 2 }, 2)).toBe(2);
  expect(closeElement(source('3080 0000'), { tag: 0x30, start: 2, end: undefined }, 2)).toBe(4);
  expect(() => closeElement(source('30020500'), { tag: 0x30, start: 2, end: 4 }, 2)).toThrow(CmsFormatError);
  expect(() => closeElement(source('3080 0500'), { tag: 0x30, start: 2, end: undefined }, 2)).toThrow(
    CmsFormatError,
  );
});

describe('an OCTET STRING', () => {
  const ranges = (text: string) => {
    const bytes = source(text);
    return octetStringRanges(bytes, 0, bytes.length);
  };

  test.each([
    ['0402 AABB', [[2, 4]], 4],
    ['0400', [[2, 2]], 2],
    ['2404 0402 AABB', [[4, 6]], 6],
    [
      '2407 0402 AABB 0401 CC',
      [
        [4, 6],
        [8, 9],
      ],
      9,
    ],
    ['2400', [], 2],
    [
      '2480 0402 AABB 0401 CC 0000',
      [
        [4, 6],
        [8, 9],
      ],
      11,
    ],
    ['2480 0400 0000', [[4, 4]], 6],
    ['2480 0000', [], 4],
  ])('%s lies where it lies', (text, expected, end) => {
    const found = ranges(text);
    expect(found.ranges.map(({ start, end }) => [start, end])).toEqual(expected);
    expect(found.end).toBe(end);
  });

  test.each([
    ['0C01AA', 'text'],
    ['0480 AABB 0000', 'a primitive of indefinite length'],
    ['2480 0402 AABB', 'pieces without an end'],
    ['2480 0402 AABB 00', 'half an end'],
    ['2480 2402 0400 0000', 'pieces of pieces'],
    ['2480 0480 0000 0000', 'a piece of indefinite length'],
    ['2480 0C01AA 0000', 'a piece that is text'],
    ['2403 0402 AABB', 'a piece that ends beyond its parent'],
    ['2405 0402 AABB 04', 'a cut piece'],
  ])('%s is refused: %s', (text) => {
    expect(() => ranges(text)).toThrow(CmsFormatError);
  });

  const pieces = (count: number, bytes: number) => {
    const piece = octetString(new Uint8Array(bytes));
    return bytesSource(
      Buffer.concat([Uint8Array.of(0x24, 0x80), ...Array(count).fill(piece), new Uint8Array(2)]),
    );
  };

  test('of many pieces is taken as streaming signers write them', () => {
    const many = pieces(10_000, 1000);
    expect(octetStringRanges(many, 0, many.length).ranges).toHaveLength(10_000);
  });

  test.each([0, 1, 16])('of very many pieces of %i bytes is refused before they fill the memory', (bytes) => {
    const crumbs = counting(pieces(100_000, bytes));
    expect(() => octetStringRanges(crumbs, 0, crumbs.length)).toThrow(/too many pieces/);
    expect(crumbs.reads).toBeLessThan(20_000);
  });
});
