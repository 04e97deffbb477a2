import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CommandApdu, decodeCommand, encodeCommand, isNeverRepeated } from './command.ts';
import { ApduFormatError } from './errors.ts';
import { fromHex, toHex } from './hex.ts';

const header = { cla: 0x00, ins: 0xb0, p1: 0x01, p2: 0x02 };
const data = (length: number) => new Uint8Array(length).fill(0xdd);
const encoded = (rest: Partial<CommandApdu> = {}) => toHex(encodeCommand({ ...header, ...rest }));
const dd = (length: number) => 'DD'.repeat(length);

describe('encoding', () => {
  test('case 1 is the header alone', () => {
    expect(encoded()).toBe('00B00102');
    expect(encoded({ data: new Uint8Array() })).toBe('00B00102');
    expect(encoded({ extended: true })).toBe('00B00102');
  });

  test.each([
    [1, '01'],
    [255, 'FF'],
    [256, '00'],
    [257, '000101'],
    [65_535, '00FFFF'],
    [65_536, '000000'],
  ])('case 2 writes Ne %i as %s', (le, field) => {
    expect(encoded({ le })).toBe(`00B00102${field}`);
  });

  test.each([
    [1, '01'],
    [255, 'FF'],
    [256, '000100'],
    [65_535, '00FFFF'],
  ])('case 3 writes Nc %i as %s', (length, field) => {
    expect(encoded({ data: data(length) })).toBe(`00B00102${field}${dd(length)}`);
  });

  test.each([
    [1, 1, '01', '01'],
    [255, 256, 'FF', '00'],
    [255, 257, '0000FF', '0101'],
    [256, 1, '000100', '0001'],
    [256, 256, '000100', '0100'],
    [65_535, 65_536, '00FFFF', '0000'],
  ])('case 4 writes Nc %i and Ne %i in one form, short or extended', (length, le, lc, leField) => {
    expect(encoded({ data: data(length), le })).toBe(`00B00102${lc}${dd(length)}${leField}`);
  });

  test('extended fields can be asked for where short ones would do', () => {
    expect(encoded({ le: 256, extended: true })).toBe('00B00102000100');
    expect(encoded({ data: data(1), extended: true })).toBe('00B00102000001DD');
    expect(encoded({ data: data(1), le: 1, extended: true })).toBe('00B00102000001DD0001');
  });

  test('the buffer is exactly as large as the command and belongs to it alone', () => {
    const bytes = encodeCommand({ ...header, data: data(6) });
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });

  test.each<[string, Partial<CommandApdu>]>([
    ['a negative header byte', { cla: -1 }],
    ['a header byte over 255', { ins: 0x100 }],
    ['a header byte that is no integer', { p1: 1.5 }],
    ['a header byte that is no number', { p2: Number.NaN }],
    ['Ne 0', { le: 0 }],
    ['Ne 65,537', { le: 65_537 }],
    ['Ne that is no integer', { le: 1.5 }],
    ['65,536 data bytes', { data: data(65_536) }],
  ])('%s is refused', (_, rest) => {
    expect(() => encodeCommand({ ...header, ...rest })).toThrow(RangeError);
  });
});

describe('decoding', () => {
  test.each<[string, Partial<CommandApdu>]>([
    ['', {}],
    ['00', { le: 256 }],
    ['FF', { le: 255 }],
    ['000000', { le: 65_536, extended: true }],
    ['000001', { le: 1, extended: true }],
    ['01DD', { data: data(1) }],
    ['01DD00', { data: data(1), le: 256 }],
    ['01DD01', { data: data(1), le: 1 }],
    ['000001DD', { data: data(1), extended: true }],
    ['000001DD0000', { data: data(1), le: 65_536, extended: true }],
  ])('the body %j is understood', (body, expected) => {
    expect(decodeCommand(fromHex(`00B00102${body}`))).toEqual({ ...header, ...expected });
  });

  test('the data is a view on the command, not a copy', () => {
    const bytes = fromHex('00B0010202AABB');
    const decoded = decodeCommand(bytes);
    bytes[5] = 0xcc;
    expect(decoded.data).toEqual(Uint8Array.of(0xcc, 0xbb));
  });

  test('a command that starts in the middle of a larger buffer is read from its own start', () => {
    const bytes = fromHex('FFFF00B00102000002AABB0000').subarray(2);
    expect(decodeCommand(bytes)).toEqual({ ...header, data: fromHex('AABB'), le: 65_536, extended: true });
  });

  test.each([
    ['', 'nothing'],
    ['00B001', 'three bytes'],
    ['00B0010202AA', 'a short Lc that is too large'],
    ['00B0010201AABBCC', 'a short Lc that is too small'],
    ['00B001020001', 'an extended field of two bytes'],
    ['00B0010200000000', 'an extended Lc of zero with a byte after it'],
    ['00B001020000000000', 'an extended Lc of zero with an Le after it'],
    ['00B00102000002AA', 'an extended Lc that is too large'],
    ['00B00102000001AABB', 'an extended Le of one byte'],
    ['00B00102000001AABBCCDD', 'an extended Lc that is too small'],
  ])('%j (%s) is refused', (hex) => {
    expect(() => decodeCommand(fromHex(hex))).toThrow(ApduFormatError);
  });

  test('any bytes either decode to a command that encodes to the same bytes, or are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let decoded: CommandApdu;
        try {
          decoded = decodeCommand(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ApduFormatError);
          return;
        }
        expect(encodeCommand(decoded)).toEqual(bytes);
      }),
      { numRuns: 2_000 },
    );
  });
});

const byte = fc.integer({ min: 0, max: 255 });
const command: fc.Arbitrary<CommandApdu> = fc.record(
  {
    cla: byte,
    ins: byte,
    p1: byte,
    p2: byte,
    data: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    le: fc.oneof(fc.integer({ min: 1, max: 65_536 }), fc.constantFrom(1, 255, 256, 257, 65_535, 65_536)),
    extended: fc.constant(true),
  },
  { requiredKeys: ['cla', 'ins', 'p1', 'p2'] },
);

test('decoding what was encoded gives the same command', () => {
  fc.assert(
    fc.property(command, (original) => {
      const { extended, ...decoded } = decodeCommand(encodeCommand(original));
      const { extended: asked, ...expected } = original;
      expect(decoded).toEqual(expected);
      const hasBody = original.data !== undefined || original.le !== undefined;
      const needsExtended = (original.data?.length ?? 0) > 255 || (original.le ?? 0) > 256;
      expect(extended ?? false).toBe(hasBody && (needsExtended || asked === true));
    }),
    { numRuns: 1_000 },
  );
});

test('whatever takes a PIN is never repeated, in either INS form', () => {
  const never = Array.from({ length: 256 }, (_, ins) => ins).filter((ins) =>
    isNeverRepeated(Uint8Array.of(0x00, ins, 0x00, 0x80)),
  );
  expect(never).toEqual([0x20, 0x21, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2c, 0x2d]);
  expect(isNeverRepeated(new Uint8Array())).toBe(false);
});
