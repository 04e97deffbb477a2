import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CoreError, DerError } from '../errors.ts';
import { DerReader, equalBytes } from './reader.ts';
import { Tag } from './tags.ts';
import { elementHeader } from './writer.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('elements', () => {
  test.each([
    ['0400', 0x04, '', 'empty'],
    ['0401AA', 0x04, 'AA', 'one byte of length'],
    [`04 81 80 ${'AA'.repeat(0x80)}`, 0x04, 'AA'.repeat(0x80), 'the shortest long form'],
    [`30 82 0100 ${'00'.repeat(0x100)}`, 0x30, '00'.repeat(0x100), 'two length octets'],
  ])('%s is read: %4$s', (text, tag, contents) => {
    const bytes = hex(text);
    const reader = new DerReader(bytes);
    expect(reader.next()).toBe(tag);
    expect(Buffer.from(reader.contents)).toEqual(hex(contents));
    expect(reader.encoded).toEqual(bytes);
    expect([reader.header, reader.start, reader.end]).toEqual([
      0,
      bytes.length - contents.length / 2,
      bytes.length,
    ]);
    reader.finish();
  });

  test.each([
    ['', 'nothing at all'],
    ['04', 'a tag alone'],
    ['3080 0401AA 0000', 'an indefinite length'],
    ['04 8101 AA', 'a length of one more octet than needed'],
    [`04 820080 ${'AA'.repeat(0x80)}`, 'a length that begins with zero'],
    ['04 8100', 'a zero length in long form'],
    ['04 87 00000000000001 AA', 'seven length octets'],
    ['04 87 01000000000000', 'a length that a number cannot hold'],
    ['04 FF', 'the reserved length octet'],
    ['04 82 01', 'length octets cut off'],
    ['1F 2A 01 00', 'a tag of several bytes'],
    ['BF 8101 00', 'a constructed tag of several bytes'],
    ['04 02 AA', 'contents cut off'],
    ['04 86 FFFFFFFFFFFF', 'a length far beyond the input'],
  ])('%s is refused: %s', (text) => {
    expect(() => new DerReader(hex(text)).next()).toThrow(DerError);
  });

  test('an element that ends beyond its parent is refused, though the bytes are there', () => {
    const inside = new DerReader(hex('3003 0402AA BBBB')).expect(Tag.SEQUENCE).enter();
    expect(() => inside.next()).toThrow(/beyond its parent/);
  });

  test('a limit beyond the bytes at hand never yields a length that is no number', () => {
    expect(() => new DerReader(hex('3082'), 0, 100).next()).toThrow(DerError);
    expect(() => new DerReader(hex('308201'), 0, 1000).next()).toThrow(DerError);
    expect(() => new DerReader(hex('30'), 0, 100).next()).toThrow(DerError);
  });

  test('bytes after the last element are refused, and told apart from the end', () => {
    const reader = new DerReader(hex('0500 0500'));
    reader.next();
    expect(reader.more).toBe(true);
    expect(() => reader.finish()).toThrow(/at byte 2/);
    reader.next();
    expect([reader.more, reader.peek]).toEqual([false, -1]);
    reader.finish();
  });

  test('optional moves only onto the tag asked for', () => {
    const reader = new DerReader(hex('0500'));
    expect(reader.optional(Tag.INTEGER)).toBe(false);
    expect(reader.optional(Tag.NULL)).toBe(true);
    expect(reader.optional(Tag.NULL)).toBe(false);
  });

  test('a wrong tag names both tags and the place', () => {
    const reader = new DerReader(hex('0500 0C00'));
    reader.next();
    expect(() => reader.expect(Tag.INTEGER)).toThrow('expected tag 02, found 0C (at byte 2)');
  });

  test('views share the bytes: nothing is copied', () => {
    const bytes = hex('3003 0401AA');
    const inside = new DerReader(bytes).expect(Tag.SEQUENCE).enter().expect(Tag.OCTET_STRING);
    bytes[4] = 0xbb;
    expect([...inside.contents]).toEqual([0xbb]);
  });

  test('ten thousand levels cost no stack: the caller drives the depth', () => {
    let reader = new DerReader(nested(10_000));
    let depth = 0;
    for (; reader.more; depth++) {
      reader.next();
      reader = reader.enter();
    }
    expect(depth).toBe(10_000);
  });
});

/** SEQUENCEs inside one another, built from the inside without quadratic copying. */
function nested(levels: number): Uint8Array {
  const heads: Uint8Array[] = [];
  for (let level = 0, length = 0; level < levels; level++) {
    const head = elementHeader(Tag.SEQUENCE, length);
    heads.unshift(head);
    length += head.length;
  }
  return Buffer.concat(heads);
}

describe('values', () => {
  test.each([
    ['020100', [0]],
    ['02017F', [0x7f]],
    ['02020080', [0, 0x80]],
    ['0201FF', [0xff]],
    ['0202FF7F', [0xff, 0x7f]],
  ])('INTEGER %s is read', (text, contents) => {
    expect([...new DerReader(hex(text)).integer()]).toEqual(contents);
  });

  test.each([
    ['0200', 'no octet'],
    ['02020000', 'a padded zero'],
    ['0202007F', 'a padded positive number'],
    ['0202FF80', 'a padded negative number'],
    ['0203FFFFFF', 'a negative number padded twice'],
    ['0301AA', 'another tag'],
  ])('INTEGER %s is refused: %s', (text) => {
    expect(() => new DerReader(hex(text)).integer()).toThrow(DerError);
  });

  test.each([
    ['020100', 0],
    ['02047FFFFFFF', 0x7fffffff],
  ])('small INTEGER %s is %d', (text, value) => {
    expect(new DerReader(hex(text)).smallInteger()).toBe(value);
  });

  test.each(['0201FF', '02050080000000', '020500FFFFFFFF', '0206010000000000'])(
    'INTEGER %s is out of range as a small one',
    (text) => {
      expect(() => new DerReader(hex(text)).smallInteger()).toThrow(/out of range/);
    },
  );

  test('BOOLEAN is FF or 00 and nothing else', () => {
    expect(new DerReader(hex('0101FF')).boolean()).toBe(true);
    expect(new DerReader(hex('010100')).boolean()).toBe(false);
    for (const text of ['010101', '0100', '0102FFFF', '01017F']) {
      expect(() => new DerReader(hex(text)).boolean()).toThrow(DerError);
    }
  });

  test('a BIT STRING of whole bytes has no unused bits', () => {
    expect([...new DerReader(hex('030300AABB')).octetAlignedBits()]).toEqual([0xaa, 0xbb]);
    expect([...new DerReader(hex('030100')).octetAlignedBits()]).toEqual([]);
    for (const text of ['0300', '030201AA', '0303FFAABB']) {
      expect(() => new DerReader(hex(text)).octetAlignedBits()).toThrow(DerError);
    }
  });
});

test('equality is of the bytes, not of the buffers', () => {
  const pool = hex('AABBAABB');
  expect(equalBytes(pool.subarray(0, 2), pool.subarray(2))).toBe(true);
  expect(equalBytes(pool.subarray(0, 2), pool.subarray(1, 3))).toBe(false);
  expect(equalBytes(pool, pool.subarray(2))).toBe(false);
  expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
});

test('whatever bytes come, a walk ends with elements that fill their parent or with a DerError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const levels = [new DerReader(bytes)];
      try {
        for (let level = levels.pop(); level; level = levels.pop()) {
          while (level.more) {
            const before = level.position;
            level.next();
            expect(level.start).toBeGreaterThan(before);
            expect(level.end).toBeLessThanOrEqual(level.limit);
            if ((level.tag & 0x20) !== 0) levels.push(level.enter());
          }
        }
      } catch (error) {
        expect(error).toBeInstanceOf(CoreError);
      }
    }),
    { numRuns: 2000, seed: 3 },
  );
});
