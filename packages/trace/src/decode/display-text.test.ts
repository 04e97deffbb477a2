import { expect, test } from 'vitest';
import { displayWidth, harmless, padded, paddedLeft, shortened } from './display-text.ts';

test('full-width characters take two columns, combining ones none', () => {
  expect(displayWidth('PIN')).toBe(3);
  expect(displayWidth('署名用パスワード')).toBe(16);
  expect(displayWidth('公的個人認証AP')).toBe(14);
  expect(displayWidth('ﾊﾟ')).toBe(2);
  expect(displayWidth('は\u3099')).toBe(2);
  expect(displayWidth('\u{20bb7}野家')).toBe(6);
});

test('padding counts columns, not characters', () => {
  expect(padded('暗証', 6)).toBe('暗証  ');
  expect(paddedLeft('暗証', 6)).toBe('  暗証');
  expect(padded('long enough', 3)).toBe('long enough');
});

test('text stays on its line and cannot steer the terminal', () => {
  expect(harmless('a\u001b[31m\r\nb\u202e')).toBe('a\ufffd[31m\ufffd\ufffdb\ufffd');
  expect(harmless('氏名　太郎')).toBe('氏名　太郎');
});

test('shortening never cuts a character in two', () => {
  expect(shortened('abc', 3)).toBe('abc');
  expect(shortened('abcd', 3)).toBe('abc…');
  expect(shortened('\u{20bb7}\u{20bb7}', 2)).toBe('\u{20bb7}\u{20bb7}');
  expect(shortened('\u{20bb7}\u{20bb7}x', 2)).toBe('\u{20bb7}\u{20bb7}…');
});
