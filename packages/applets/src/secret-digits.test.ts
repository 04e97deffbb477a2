import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { SecretDigits } from './secret-digits.ts';

const digits = '123456789012';
const secret = new SecretDigits(digits);

test('a 個人番号 shows itself only when asked by name', () => {
  const shown = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: [secret] }),
    String(secret),
  ];
  for (const text of shown) {
    expect(text).toContain('[個人番号]');
    expect(text).not.toContain(digits);
  }
  expect(Object.values(secret)).toEqual([]);
  expect(structuredClone({ ...secret })).toEqual({});
  expect(secret.reveal()).toBe(digits);
});

test('a 個人番号 becomes 照合番号A without being shown', () => {
  const pin = secret.toPin();
  expect(pin.violation({ minLength: 12, maxLength: 12, characters: 'digits' })).toBeUndefined();
  expect(`${pin}`).toBe('[PIN]');
});
