import { describe, expect, test } from 'vitest';
import { parseTrace } from '../text/parse.ts';
import { decodeTrace } from './decode-trace.ts';
import type { DecodedStep } from './decoded-trace.ts';

const JPKI = '> 00A4040C0AD392F000260100000001\n< 9000';
const TEXT = '> 00A4040C0AD3921000310001010408\n< 9000';

const stepsOf = (...body: readonly string[]): DecodedStep[] =>
  decodeTrace(parseTrace(`#! apdu-trace 1\n\n${body.join('\n')}\n`)).lines.filter(
    (line) => line.type === 'step',
  );
const last = (...body: readonly string[]) => stepsOf(...body).at(-1);

describe('commands that belong together are one step', () => {
  test('an answer that GET RESPONSE fetches in parts', () => {
    const step = last(JPKI, '> 00B0880003\n< 8F 6102 @1.0ms', '> 00C0000002\n< 8F00 9000 @2.0ms');
    expect(step).toMatchObject({
      kind: 'read-binary',
      subject: { en: '電子証明書の有無 0..2' },
      result: 'success',
      milliseconds: 3,
      data: [{ value: { en: 'exists' } }, { value: { en: 'exists' } }],
    });
    expect(step?.exchanges).toHaveLength(2);
  });

  test('reads of one file, each of which GET RESPONSE fetches', () => {
    const step = last(
      JPKI,
      '> 00A4020C02000A\n< 9000',
      '> 00B0000000\n< 6100\n> 00C0000000\n< {certificate:256} 9000',
      '> 00B0010000\n< 6100\n> 00C0000000\n< {certificate:128} 6180\n> 00C0000080\n< {certificate:128} 9000',
    );
    expect(step?.subject).toMatchObject({ en: '利用者証明用電子証明書 0..511 (2 parts)' });
  });

  test('a signature whose answer is fetched', () => {
    const step = last(JPKI, `> 802A049A20${'01'.repeat(32)}\n< 6100`, '> 00C0000000\n< {signature:256} 9000');
    expect(step).toMatchObject({ kind: 'sign', subject: { en: 'SHA-256 digest (PSS)' }, result: 'success' });
    expect(step?.outcome).toBeUndefined();
  });

  test('a READ BINARY with the Le that the card asked for', () => {
    const steps = stepsOf(
      JPKI,
      '> 00A4020C020008\n< 9000',
      '> 00B0000000\n< 6C03',
      '> 00B0000003\n< 8F8F00 9000',
    );
    expect(steps).toHaveLength(3);
    expect(steps[2]).toMatchObject({ subject: { en: '電子証明書の有無 0..2 (2 parts)' }, result: 'success' });
  });

  test('a chain of commands', () => {
    const steps = stepsOf(
      JPKI,
      '> 00A4020C020016\n< 9000',
      '> 90A200C104 7F210102\n< 9000',
      '> 80A200C102 0304\n< 9000',
    );
    expect(steps.map(({ kind }) => kind).slice(2)).toEqual(['verify-certificate']);
    expect(steps[2]?.exchanges).toHaveLength(2);
  });
});

describe('other commands are steps of their own', () => {
  test('reads of two files, and reads with something between them', () => {
    expect(stepsOf(JPKI, '> 00B0880003\n< 8F8F00 9000', '> 00B0860001\n< 4A 9000')).toHaveLength(3);
    expect(stepsOf(JPKI, '> 00B0880001\n< 8F 9000', '== again', '> 00B0880001\n< 8F 9000')).toHaveLength(3);
    expect(stepsOf('> 00B0000001\n< 8F 9000', '> 00B0000101\n< 8F 9000')).toHaveLength(2);
  });

  test('what comes after an error, and a second VERIFY', () => {
    expect(stepsOf(JPKI, '> 00B0810000\n< 6982', '> 00B0810000\n< 6982')).toHaveLength(3);
    expect(stepsOf(JPKI, '> 0020009B06{pin:6}\n< 63C4', '> 0020009B06{pin:6}\n< 63C3')).toHaveLength(3);
  });
});

describe('a file is put together from its parts', () => {
  const record = 'FF20 09 DF2202 4142 DF2501 32'.replaceAll(' ', '');
  const part = (from: number, to: number) => record.slice(2 * from, 2 * to);

  test('also where they overlap or repeat', () => {
    const step = last(
      TEXT,
      '> 00A4020C020002\n< 9000',
      `> 00B0000004\n< ${part(0, 4)} 9000`,
      `> 00B0000008\n< ${part(0, 8)} 9000`,
      `> 00B0000608\n< ${part(6, 12)} 9000`,
    );
    expect(step?.data).toMatchObject([
      { label: { en: 'FF20 基本4情報' }, children: [{ value: '"AB"' }, { value: { en: '2 (female)' } }] },
    ]);
  });

  test('up to the first gap', () => {
    const select = '> 00A4020C020002\n< 9000';
    expect(
      last(TEXT, select, `> 00B0000004\n< ${part(0, 4)} 9000`, '> 00B0000804\n< DF250132 9000')?.data,
    ).toMatchObject([{ value: { en: '9 bytes, 1 of them read' } }]);
    expect(last(TEXT, select, '> 00B0000804\n< DF250132 9000')?.data).toEqual([]);
  });
});

describe('a command to the reader', () => {
  test.each([
    ['FFCA000000', 'GET DATA', 'UID (to the reader)'],
    ['FFCA010000', 'GET DATA', 'FF CA 01 00 (to the reader)'],
    ['FFB0000410', 'READ BINARY', 'FF B0 00 04 (to the reader)'],
    ['FF00000002D404', { ja: 'コマンド', en: 'COMMAND' }, 'FF 00 00 00 (to the reader)'],
    ['FF50000000', { ja: 'コマンド', en: 'COMMAND' }, 'FF 50 00 00 (to the reader)'],
  ])('%s is told as one, and not as secure messaging with the card', (command, verb, subject) => {
    expect(last(JPKI, `> ${command}\n< 9000`)).toMatchObject({ verb, subject: { en: subject } });
  });
});
