import { Pin } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { PinFormatError } from './errors.ts';
import { normalizePin } from './pin-policy.ts';
import type { PinReference } from './secret-reference.ts';

const pin = (text: string) => Pin.fromBytes(Buffer.from(text, 'utf8'));

function violationOf(reference: PinReference, text: string): string {
  try {
    normalizePin(reference, pin(text));
  } catch (error) {
    if (error instanceof PinFormatError) return error.violation;
  }
  return 'none';
}

describe.each(['auth', 'text', 'resident'] as const)('the %s PIN', (reference) => {
  test('is four digits', () => {
    expect(violationOf(reference, '0123')).toBe('none');
  });

  test.each([
    ['nothing', '', 'empty'],
    ['three digits', '123', 'too-short'],
    ['five digits', '12345', 'too-long'],
    ['a letter', '12a4', 'character'],
    ['full-width digits', '１２３４', 'character'],
    ['a blank', '123 ', 'character'],
    ['a control character', '123\n', 'character'],
    ['a NUL', '123\0', 'character'],
    ['a byte order mark', '\ufeff1234', 'character'],
    ['Arabic digits', '١٢٣٤', 'character'],
  ])('is not %s', (_, text, violation) => {
    expect(violationOf(reference, text)).toBe(violation);
  });
});

describe('the 署名用 password', () => {
  test.each(['ABC123', 'ABCDEFGHIJ012345', '123456', 'ABCDEF'])('may be %s', (text) => {
    expect(violationOf('sign', text)).toBe('none');
  });

  test('has its ASCII lower case turned into capitals, and says so', () => {
    expect(normalizePin('sign', pin('abc123'))).toBe(true);
    expect(normalizePin('sign', pin('ABC123'))).toBe(false);
  });

  test.each([
    ['nothing', '', 'empty'],
    ['five characters', 'ABC12', 'too-short'],
    ['seventeen characters', 'ABCDEFGHIJ0123456', 'too-long'],
    ['full-width letters', 'ＡＢＣ１２３', 'character'],
    ['a hyphen', 'ABC-123', 'character'],
    ['an accented letter', 'ABC12É', 'character'],
    ['a dotless i, which some upper-casing would turn into I', 'ABC12ı', 'character'],
    ['a sharp s, which some upper-casing would turn into SS', 'ABC12ß', 'character'],
    ['a tab', 'ABC\t123', 'character'],
    ['an escape character', '\x1b[A123', 'character'],
  ])('is not %s', (_, text, violation) => {
    expect(violationOf('sign', text)).toBe(violation);
  });
});

test('the error names the rule and never the PIN', () => {
  try {
    normalizePin('sign', pin('SECRET-1'));
    expect.unreachable('the hyphen is not allowed');
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_PIN_FORMAT', reference: 'sign', violation: 'character' });
    expect(JSON.stringify(error) + String(error)).not.toContain('SECRET');
  }
});
