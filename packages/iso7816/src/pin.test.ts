import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { format, inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { pinOf } from '../test/pin-session.ts';
import { Pin, type PinFormat, type PinFormatViolation, takePinBytes } from './pin.ts';

/** 利用者証明用暗証番号: 4 digits. */
const fourDigits: PinFormat = { minLength: 4, maxLength: 4, characters: 'digits' };
/** 署名用パスワード: 6 to 16 letters and digits. */
const password: PinFormat = { minLength: 6, maxLength: 16, characters: 'upper-alphanumeric' };

describe('a PIN takes over its bytes', () => {
  test('the source is overwritten, and later changes to it do not matter', () => {
    const source = new TextEncoder().encode('4821');
    const pin = Pin.fromBytes(source);
    expect(source).toEqual(new Uint8Array(4));
    source.fill(0x39);
    expect(new TextDecoder().decode(takePinBytes(pin))).toBe('4821');
  });

  test('a pooled Buffer is overwritten too, and the PIN does not stay in the pool', () => {
    const source = Buffer.from('4821');
    const bytes = takePinBytes(Pin.fromBytes(source));
    expect([...source]).toEqual([0, 0, 0, 0]);
    expect(bytes.buffer).not.toBe(source.buffer);
    expect(bytes.buffer.byteLength).toBe(4);
  });

  test('it is single-use', () => {
    const pin = pinOf('4821');
    expect(pin.used).toBe(false);
    takePinBytes(pin);
    expect(pin.used).toBe(true);
    expect(() => takePinBytes(pin)).toThrow(TypeError);
    expect(() => pin.violation(fourDigits)).toThrow(TypeError);
    expect(pin.foldCase()).toBe(false);
  });

  test('disposing wipes it, any number of times', () => {
    const pin = pinOf('4821');
    const fill = vi.spyOn(Uint8Array.prototype, 'fill');
    pin[Symbol.dispose]();
    pin[Symbol.dispose]();
    const wiped = fill.mock.contexts;
    fill.mockRestore();
    expect(wiped).toEqual([new Uint8Array(4)]);
    expect(pin.used).toBe(true);
    expect(() => takePinBytes(pin)).toThrow(TypeError);
  });

  test('only the class makes one', () => {
    expect(() => takePinBytes(Object.create(Pin.prototype))).toThrow(TypeError);
  });
});

describe('a PIN cannot be printed', () => {
  const pin = pinOf('4821');
  const printed: [string, () => unknown][] = [
    ['String', () => String(pin)],
    ['a template', () => `${pin}`],
    ['addition', () => `PIN ${pin}`.concat(pin.toString())],
    ['JSON', () => JSON.stringify({ pin, list: [pin] })],
    ['inspect', () => inspect({ pin }, { depth: null, showHidden: true, getters: true })],
    ['inspect without customisation', () => inspect(pin, { customInspect: false, showHidden: true })],
    ['format', () => format('%s %o %O %j %d', pin, pin, pin, pin, pin)],
    ['structuredClone', () => inspect(structuredClone(pin), { showHidden: true })],
    ['an object spread', () => JSON.stringify({ ...pin })],
    ['its properties', () => JSON.stringify([Object.keys(pin), Reflect.ownKeys(pin)])],
    ['an error with it as cause', () => inspect(new Error('x', { cause: pin }))],
    ['the console', () => consoleOutput(pin)],
  ];

  test.each(printed)('by %s', (_, print) => {
    const text = String(print());
    expect(text).not.toMatch(/4821|34.{0,4}38.{0,4}32.{0,4}31|52.{1,3}56.{1,3}50.{1,3}49/s);
    expect(pin.used).toBe(false);
  });

  test('what is shown instead is a constant', () => {
    expect([String(pin), JSON.stringify(pin), inspect(pin)]).toEqual(['[PIN]', '"[PIN]"', '[PIN]']);
    expect(structuredClone(pin)).toEqual({});
  });
});

function consoleOutput(value: unknown): string {
  const stream = new PassThrough();
  const printer = new Console(stream);
  printer.log(value);
  printer.dir(value, { showHidden: true });
  printer.table([value]);
  return stream.read().toString();
}

describe('the format of a PIN', () => {
  test.each<[string, PinFormat, PinFormatViolation | undefined]>([
    ['1234', fourDigits, undefined],
    ['0000', fourDigits, undefined],
    ['', fourDigits, 'empty'],
    ['', password, 'empty'],
    ['123', fourDigits, 'too-short'],
    ['12345', fourDigits, 'too-long'],
    ['12a4', fourDigits, 'character'],
    ['12A4', fourDigits, 'character'],
    ['１２３４', fourDigits, 'character'],
    ['١٢٣٤', fourDigits, 'character'],
    ['1234\n', fourDigits, 'character'],
    ['1234\r\n', fourDigits, 'character'],
    ['\u{feff}1234', fourDigits, 'character'],
    ['1234\0', fourDigits, 'character'],
    [' 1234', fourDigits, 'character'],
    ['1234 ', fourDigits, 'character'],
    ['12-4', fourDigits, 'character'],
    ['+123', fourDigits, 'character'],
    ['/234', fourDigits, 'character'],
    [':234', fourDigits, 'character'],
    ['ABC123', password, undefined],
    ['ABCDEFGHIJ012345', password, undefined],
    ['AZ0099', password, undefined],
    ['ABC12', password, 'too-short'],
    ['ABCDEFGHIJ0123456', password, 'too-long'],
    ['abc123', password, 'character'],
    ['@BC123', password, 'character'],
    ['[BC123', password, 'character'],
    ['ＡＢＣ１２３', password, 'character'],
    ['ABC12\t', password, 'character'],
    ['ABC12\u{7f}', password, 'character'],
    ['ABC12é', password, 'character'],
    ['ABC12\u{200b}', password, 'character'],
  ])('%j breaks the rule as expected', (text, format, violation) => {
    expect(pinOf(text).violation(format)).toBe(violation);
  });

  test('every single byte but the allowed ones is refused', () => {
    const allowed = (format: PinFormat) =>
      Array.from({ length: 256 }, (_, byte) => byte).filter(
        (byte) =>
          Pin.fromBytes(new Uint8Array(6).fill(byte)).violation({ ...format, maxLength: 6 }) === undefined,
      );
    expect(String.fromCharCode(...allowed(fourDigits))).toBe('0123456789');
    expect(String.fromCharCode(...allowed(password))).toBe('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  });

  test('looking at the format does not use the PIN up', () => {
    const pin = pinOf('1234');
    pin.violation(fourDigits);
    expect(pin.used).toBe(false);
  });
});

describe('folding the case', () => {
  test.each([
    ['abc123', 'ABC123', true],
    ['aZ09z', 'AZ09Z', true],
    ['ABC123', 'ABC123', false],
    ['`{@[', '`{@[', false],
    ['ａéß', 'ａéß', false],
    ['', '', false],
  ])('%j becomes %j, and the caller is told whether anything changed', (text, expected, changed) => {
    const pin = pinOf(text);
    expect(pin.foldCase()).toBe(changed);
    expect(new TextDecoder().decode(takePinBytes(pin))).toBe(expected);
  });
});
