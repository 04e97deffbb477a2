import { describe, expect, test } from 'vitest';
import { parseTrace } from '../text/parse.ts';
import { decodeTrace } from './decode-trace.ts';
import { formatDecoded } from './format-decoded.ts';

const TEXT = '> 00A4040C0AD3921000310001010408\n< 9000';
const JPKI = '> 00A4040C0AD392F000260100000001\n< 9000';
const MANAGER = '> 00A4040C07A0000001510000\n< 9000';

/** What is opened beneath the last step, line by line. */
function opened(...body: readonly string[]): string[] {
  const trace = parseTrace(`#! apdu-trace 1\n\n${body.join('\n')}\n`);
  const lines = formatDecoded(decodeTrace(trace));
  const start = lines.findLastIndex((line) => /^ +\d+ {2}\S/.test(line));
  return lines
    .slice(start + 1, lines.indexOf('', start))
    .map((line) => line.trim().replaceAll(/ {2,}/g, ' '));
}

const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();

describe('what stands in the files of this card', () => {
  test('is the Individual Number, although its tag says that it is made of data objects', () => {
    expect(opened(TEXT, `> 00B0810000\n< FF100C ${hex('999990000009')} FFFF 9000`)).toEqual([
      'FF10 個人番号 "999990000009"',
      'filler 2 bytes',
    ]);
  });

  test('is the code of a municipality, although its first digit is the tag of a SET or a SEQUENCE', () => {
    for (const code of ['13100', '01100'])
      expect(opened(MANAGER, `> 00CA00F000\n< ${hex(code)} 9000`)).toEqual([`市区町村コード "${code}"`]);
  });

  test('is the sex of a person, in words', () => {
    const attributes = (digit: string) => opened(TEXT, `> 00B0820000\n< FF2004DF2501${hex(digit)} 9000`)[1];
    expect(attributes('1')).toBe('DF25 性別 1 (male)');
    expect(attributes('9')).toBe('DF25 性別 9 (not applicable)');
    expect(attributes('7')).toBe('DF25 性別 "7"');
  });

  test('is a CV certificate that was not written down, with its parts', () => {
    expect(
      opened(MANAGER, '> 00CA00F8000000\n< 5F4E820129{certificate:297}5F37820100{certificate:256} 9000'),
    ).toEqual([
      '5F4E certificate body [中間鍵の証明書 297 bytes, not recorded]',
      '5F37 signature [中間鍵の証明書 256 bytes, not recorded]',
    ]);
  });

  test('is filler also within an object: one line, and not one for each two zeros', () => {
    expect(opened(JPKI, `> 00B08A0000\n< 3083FFFFFF${'00'.repeat(251)} 9000`)).toEqual([
      'SEQUENCE 16777215 bytes, 251 of them read',
      'filler 251 bytes',
    ]);
  });

  test('has no blanks behind a NULL', () => {
    expect(opened(JPKI, '> 00B08A0000\n< 30090500 0603551D0E 020100 9000')).toContain('NULL empty');
  });
});
