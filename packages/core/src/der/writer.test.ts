import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dottedOid } from './oid.ts';
import { DerReader } from './reader.ts';
import { contextConstructed, contextPrimitive, Tag } from './tags.ts';
import {
  bitString,
  element,
  elementHeader,
  ia5String,
  integer,
  NULL,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  setOf,
  TRUE,
  time,
  utf8String,
} from './writer.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('bytes', () => {
  test.each([
    ['an empty SEQUENCE', sequence(), '3000'],
    ['parts one after another', sequence(NULL, TRUE), '300505000101ff'],
    ['the first length in long form', element(0x04, new Uint8Array(0x80)).subarray(0, 3), '048180'],
    ['zero', integer(0), '020100'],
    ['a sign byte', integer(128), '02020080'],
    ['the largest exact number', integer(Number.MAX_SAFE_INTEGER), '02071fffffffffffff'],
    ['magnitude bytes', integer(Uint8Array.of(0, 0, 0x80)), '02020080'],
    ['no magnitude', integer(new Uint8Array()), '020100'],
    ['a SET in DER order', setOf(integer(2), integer(1), NULL), '3108 020101 020102 0500'],
    ['unused bits', bitString(Uint8Array.of(0xc0), 6), '030206c0'],
    ['whole bytes', bitString(Uint8Array.of(1)), '03020001'],
    ['UTF-8', utf8String('署名'), '0c06e7bdb2e5908d'],
    ['PrintableString', printableString('JP'), '13024a50'],
    ['IA5String', ia5String('a'), '160161'],
    ['an OCTET STRING', octetString(Uint8Array.of(1, 2)), '04020102'],
    ['a context tag', element(contextConstructed(3), element(contextPrimitive(0))), 'a3028000'],
    ['sha256', objectIdentifier('2.16.840.1.101.3.4.2.1'), '0609608648016503040201'],
    ['a large second arc', objectIdentifier('2.999.3'), '0603883703'],
    ['UTCTime', time(new Date('2049-12-31T23:59:59.999Z')), `170d${ascii('491231235959Z')}`],
    [
      'GeneralizedTime from 2050 on',
      time(new Date('2050-01-01T00:00:00Z')),
      `180f${ascii('20500101000000Z')}`,
    ],
    ['UTCTime from 1950 on', time(new Date('1950-01-01T00:00:00Z')), `170d${ascii('500101000000Z')}`],
    [
      'GeneralizedTime before 1950',
      time(new Date('1949-12-31T00:00:00Z')),
      `180f${ascii('19491231000000Z')}`,
    ],
  ])('%s', (_, bytes, expected) => {
    expect(hex(bytes)).toBe(expected.replaceAll(' ', ''));
  });

  function ascii(text: string): string {
    return Buffer.from(text, 'latin1').toString('hex');
  }

  test('a header reaches lengths beyond 4 GiB', () => {
    expect(hex(elementHeader(0x04, 0x1_0000_0000))).toBe('04850100000000');
  });
});

test.each([
  '',
  '1',
  '3.1',
  '1.40',
  '0.40',
  '1.2.x',
  '1.2.',
  '1.2.-1',
  '1.2.1e3',
  '1.02',
  ' 1.2',
  '1.2.9007199254740993',
])('the object identifier "%s" is refused', (dotted) => {
  expect(() => objectIdentifier(dotted)).toThrow(RangeError);
});

test.each([-1, 1.5, Number.NaN, 2 ** 53])('the number %d is no INTEGER here', (value) => {
  expect(() => integer(value)).toThrow(RangeError);
});

test.each([new Date(Number.NaN), new Date('0099-01-01T00:00:00Z'), new Date(8.64e15)])(
  'the date %s has no time of four-digit years',
  (date) => {
    expect(() => time(date)).toThrow(RangeError);
  },
);

test('a time has the digits of its date', () => {
  const date = fc.date({
    min: new Date('0100-01-01'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (moment) => {
      const written = Buffer.from(time(moment)).subarray(2).toString('latin1');
      const digits = moment.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
      expect(written).toBe(written.length === 13 ? digits.slice(2) : digits);
    }),
  );
});

describe('what is written is read back', () => {
  test('elements of any length', () => {
    const lengths = fc.oneof(fc.nat(300), fc.constantFrom(127, 128, 255, 256, 65_535, 65_536, 70_000));
    fc.assert(
      fc.property(lengths, fc.constantFrom(0x04, 0x0c, 0x80, 0xa3), (length, tag) => {
        const contents = new Uint8Array(length).fill(7);
        const reader = new DerReader(element(tag, contents));
        expect(reader.next()).toBe(tag);
        expect(reader.contents.length).toBe(length);
        reader.finish();
      }),
    );
  });

  test('INTEGERs by number and by magnitude', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0x7fffffff }), (value) => {
        expect(new DerReader(integer(value)).smallInteger()).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (magnitude) => {
        const contents = new DerReader(integer(magnitude)).integer();
        expect(BigInt(`0x${hex(contents)}`)).toBe(BigInt(`0x${hex(magnitude)}`));
      }),
    );
  });

  test('object identifiers', () => {
    const arcs = fc.oneof(
      fc.tuple(fc.constantFrom(0, 1), fc.nat(39)),
      fc.tuple(fc.constant(2), fc.nat(100_000)),
    );
    const rest = fc.array(fc.oneof(fc.nat(), fc.maxSafeNat()), { maxLength: 6 });
    fc.assert(
      fc.property(arcs, rest, (first, others) => {
        const dotted = [...first, ...others].join('.');
        const reader = new DerReader(objectIdentifier(dotted)).expect(Tag.OBJECT_IDENTIFIER);
        expect(dottedOid(reader.contents)).toBe(dotted);
      }),
    );
  });

  test('SET OF, in the one order whatever the parts came in', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 6 });
    fc.assert(
      fc.property(parts, (values) => {
        const encoded = values.map(octetString);
        expect(setOf(...encoded)).toEqual(setOf(...encoded.toReversed()));
        const set = new DerReader(setOf(...encoded)).expect(Tag.SET).enter();
        let before: Uint8Array = new Uint8Array();
        while (set.more) {
          set.expect(Tag.OCTET_STRING);
          expect(Buffer.compare(before, set.encoded)).toBeLessThanOrEqual(0);
          before = set.encoded;
        }
      }),
    );
  });
});
