import { expect, test } from 'vitest';
import { readToken } from './token.ts';

const label = (text: string, padding = ' ') => Buffer.from(text.padEnd(32, padding), 'latin1');

test.each([
  ['JPKIAPICCTOKEN2', 'individual-number-card'],
  ['JPKIAPICCTOKEN', 'juki-card'],
  ['JPKIAPGPSETOKEN', 'phone-android'],
  ['JPKIAPIOSTOKEN', 'phone-iphone'],
  ['SOMETHINGELSE', 'unknown'],
])('the label %s means %s', (text, kind) => {
  expect(readToken(label(text))).toEqual({ label: text, kind });
});

test('zeros are taken for padding as well', () => {
  expect(readToken(label('JPKIAPICCTOKEN2', '\0')).kind).toBe('individual-number-card');
});

test('a label cannot carry terminal escapes', () => {
  expect(readToken(label('\x1b]0;owned\x07')).label).toBe('?]0;owned?');
});
