import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex } from './hex.ts';

test('bytes are written as upper-case pairs of digits', () => {
  expect(toHex(Uint8Array.of(0x00, 0x0a, 0xff))).toBe('000AFF');
  expect(toHex(new Uint8Array())).toBe('');
});

test('either case and any blanks are read', () => {
  expect(fromHex(' 00 a4\t04\n0C ')).toEqual(Uint8Array.of(0x00, 0xa4, 0x04, 0x0c));
});

test.each(['0', '0g', '0x00', '00:11', '００', '-1'])('%j is no hexadecimal', (text) => {
  expect(() => fromHex(text)).toThrow(RangeError);
});

test('reading what was written gives the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});
