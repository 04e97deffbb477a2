import { describe, expect, test } from 'vitest';
import { parseTrace } from '../text/parse.ts';
import { compareTraces } from './compare-traces.ts';
import { formatDifferences } from './format-differences.ts';
import type { CompareOptions } from './trace-difference.ts';

const JPKI = '> 00A4040C0AD392F000260100000001\n< 9000';
const traceOf = (body: readonly string[], header = '') =>
  parseTrace(`#! apdu-trace 1\n${header}\n${body.join('\n')}\n`);

const compare = (a: readonly string[], b: readonly string[], options?: CompareOptions) =>
  compareTraces(traceOf(a), traceOf(b), options);
const kinds = (...sides: Parameters<typeof compare>) => compare(...sides).differences.map(({ kind }) => kind);

const info = (digest: string) => `802A009A33 3031300D060960864801650304020105000420 ${digest.repeat(32)} 00`;
const signature = (byte: string) => byte.repeat(256);

describe('two runs are the same', () => {
  test('whatever their times, headings and notes', () => {
    expect(compare(['== one', `${JPKI} @1.0ms`], ['# two', `${JPKI} @99.0ms`])).toMatchObject({
      differences: [],
      same: 1,
    });
  });

  test('whatever the PINs, and however long they were', () => {
    expect(kinds([JPKI, '> 0020009B06{pin:6}\n< 9000'], [JPKI, '> 0020009B10{pin:16}\n< 9000'])).toEqual([]);
  });

  test('whatever the challenges, and the marks of what was not recorded', () => {
    expect(kinds([`> 0084000004\n< 01020304 9000`], [`> 0084000004\n< 0A0B0C0D 9000`])).toEqual([]);
    const read = (mark: string) => [JPKI, `> 00B08A0004\n< {certificate:4:${mark}} 9000`];
    expect(kinds(read('00'.repeat(8)), read('FF'.repeat(8)))).toEqual([]);
    expect(kinds([JPKI, '> 00B08A0004\n< 30820102 9000'], read('FF'.repeat(8)))).toEqual([]);
  });

  test('where something else was signed, or PSS took another salt', () => {
    const sign = (digest: string, byte: string) => [JPKI, `> ${info(digest)}\n< ${signature(byte)} 9000`];
    expect(kinds(sign('01', 'AA'), sign('02', 'BB'))).toEqual([]);
    expect(kinds(sign('01', 'AA'), sign('01', 'BB'))).toEqual(['response-differs']);
    const pss = (byte: string) => [JPKI, `> 802A049A20${'01'.repeat(32)}00\n< ${signature(byte)} 9000`];
    expect(kinds(pss('AA'), pss('BB'))).toEqual([]);
  });
});

describe('two runs differ', () => {
  const ask = '> 0020009B\n< 63C5';

  test('in commands that only one has', () => {
    const { differences } = compare(
      [JPKI, ask, '> 00B0880003\n< 8F8F00 9000'],
      [JPKI, '> 00B0880003\n< 8F8F00 9000', ask],
    );
    expect(differences).toEqual([
      {
        kind: 'only-in-a',
        a: { line: 5, what: expect.objectContaining({ en: 'ASK 署名用パスワード → 5 tries left' }) },
      },
      {
        kind: 'only-in-b',
        b: { line: 7, what: expect.objectContaining({ ja: '残り回数の照会 署名用パスワード → 残り5回' }) },
      },
    ]);
  });

  test('in status words, answers and whether an answer came', () => {
    expect(kinds([JPKI, ask], [JPKI, '> 0020009B\n< 63C4'])).toEqual(['status-word-differs']);
    expect(kinds([JPKI, '> 00B0880003\n< 8F8F00 9000'], [JPKI, '> 00B0880003\n< 8F0000 9000'])).toEqual([
      'response-differs',
    ]);
    expect(kinds([JPKI, '> 00B0880003\n< 8F8F00 9000'], [JPKI, '> 00B0880003\n< 8F8F 9000'])).toEqual([
      'response-differs',
    ]);
    expect(kinds([JPKI, ask], [JPKI, '> 0020009B'])).toEqual(['response-differs']);
  });

  test('behind equal placeholders in what stands beside them', () => {
    const read = (end: string) => [JPKI, `> 00B08A0006\n< 3082 {certificate:2} ${end} 9000`];
    expect(kinds(read('0102'), read('0103'))).toEqual(['response-differs']);
  });

  test('in what happened to the card', () => {
    expect(kinds([JPKI, '! removed'], [JPKI, '! reset'])).toEqual(['event-differs']);
    expect(kinds([JPKI, '! failed ERR_A'], [JPKI, '! failed ERR_B'])).toEqual(['event-differs']);
    expect(kinds([JPKI], [JPKI, '! removed'])).toEqual(['only-in-b']);
  });

  test('in ATR and protocol, where both tell', () => {
    const a = traceOf([JPKI], '# atr: 3BE000FF8131FE4514\n# protocol: T=1\n');
    const b = traceOf([JPKI], '# atr: 3B888001000005E0B381A1007F\n# protocol: T=0\n');
    expect(compareTraces(a, b).differences.map(({ kind, a: side }) => [kind, side?.what.en])).toEqual([
      ['header-differs', 'ATR'],
      ['header-differs', 'protocol'],
    ]);
    expect(compareTraces(a, traceOf([JPKI])).differences).toEqual([]);
  });

  test('but not in certificates, where those are to be ignored', () => {
    const read = (bytes: string) => [JPKI, `> 00B08A0004\n< ${bytes} 9000`];
    expect(kinds(read('30820102'), read('30820103'))).toEqual(['response-differs']);
    expect(kinds(read('30820102'), read('30820103'), { ignore: 'certificates' })).toEqual([]);
    const select = '> 00A4020C02000A\n< 9000';
    const long = [JPKI, select, '> 00B0000004\n< 30820102 9000', '> 00B0000400\n< 01 9000', select];
    const short = [JPKI, select, '> 00B0000002\n< 3000 9000', select];
    expect(kinds(long, short, { ignore: 'certificates' })).toEqual([]);
    expect(kinds(long, [JPKI, select, select], { ignore: 'certificates' })).toEqual(['only-in-a']);
    expect(kinds(long, [JPKI, select, '> 00B0000002\n< 6982', select], { ignore: 'certificates' })).toEqual([
      'status-word-differs',
    ]);
    const token = (bytes: string) => [JPKI, `> 00B0860004\n< ${bytes} 9000`];
    expect(kinds(token('4A504B49'), token('4A504B4A'), { ignore: 'certificates' })).toEqual([
      'response-differs',
    ]);
  });
});

describe("where what is the holder's and the card's own is to be ignored, two cards differ", () => {
  const TEXT = '> 00A4040C0AD3921000310001010408\n< 9000';
  const MANAGER = '> 00A4040C07A0000001510000\n< 9000';
  const ignore = { ignore: 'contents' } as const;

  test('not in files, records and data objects, whatever their length', () => {
    const read = (hex: string) => [TEXT, '> 00A4020C020002\n< 9000', `> 00B0000008\n< ${hex} 9000`];
    const long = [...read('FF20050102030405'), '> 00B0000808\n< 0607 9000'];
    expect(kinds(read('FF2001AA'), long)).not.toEqual([]);
    expect(kinds(read('FF2001AA'), long, ignore)).toEqual([]);
    const data = (hex: string) => [MANAGER, `> 00CA00F000\n< ${hex} 9000`];
    expect(kinds(data('3133313030'), data('3031313030'))).toEqual(['response-differs']);
    expect(kinds(data('3133313030'), data('3031313030'), ignore)).toEqual([]);
  });

  test('not in what they sign, and not in serial numbers', () => {
    const sign = (byte: string) => [JPKI, `> ${info('01')}\n< ${signature(byte)} 9000`];
    expect(kinds(sign('AA'), sign('BB'), ignore)).toEqual([]);
    const token = (label: string, serial: string) => [
      JPKI,
      `> 00B0860060\n< ${label.padEnd(160, '20')}${serial.repeat(16)} 9000`,
    ];
    expect(kinds(token('4A50', '31'), token('4A50', '32'))).toEqual(['response-differs']);
    expect(kinds(token('4A50', '31'), token('4A50', '32'), ignore)).toEqual([]);
    expect(kinds(token('4A50', '31'), token('4A51', '31'), ignore)).toEqual(['response-differs']);
  });

  test('but in status words, and in what every card has alike', () => {
    expect(kinds([TEXT, '> 00B0820000\n< 6982'], [TEXT, '> 00B0820000\n< FF2000 9000'], ignore)).toEqual([
      'status-word-differs',
    ]);
    const there = (bytes: string) => [JPKI, `> 00B0880003\n< ${bytes} 9000`];
    expect(kinds(there('8F8F00'), there('008F00'), ignore)).toEqual(['response-differs']);
  });
});

test('times are compared by what was done, as medians, without a verdict', () => {
  const a = [
    `${JPKI} @10.0ms`,
    `${JPKI} @30.0ms`,
    `${JPKI} @14.0ms`,
    `> ${info('01')}\n< {signature:256} 9000 @200.0ms`,
  ];
  const b = [
    `${JPKI} @7.0ms`,
    `> ${info('02')}\n< {signature:256} 9000 @300.0ms`,
    '> 0084000004\n< {data:4} 9000 @1.0ms',
  ];
  const { timings } = compare(a, b);
  expect(timings).toEqual([
    {
      what: expect.objectContaining({ en: 'SELECT' }),
      a: { count: 3, medianMilliseconds: 14 },
      b: { count: 1, medianMilliseconds: 7 },
      ratio: 0.5,
    },
    {
      what: expect.objectContaining({ en: 'SIGN 署名用秘密鍵' }),
      a: { count: 1, medianMilliseconds: 200 },
      b: { count: 1, medianMilliseconds: 300 },
      ratio: 1.5,
    },
  ]);
});

describe('differences for people', () => {
  const a = [`${JPKI} @10.0ms`, '> 0020009B\n< 63C5', '> 00B0880003\n< 8F8F00 9000', '> 00CA00F200\n< 6A88'];
  const b = [`${JPKI} @5.0ms`, '> 0020009B\n< 63C4', '> 00B0880003\n< 8F0000 9000', '! removed'];

  test('show both sides with their lines', () => {
    expect(formatDifferences(compare(a, b))).toEqual([
      '~     5     5  status words differ',
      '                a  ASK 署名用パスワード → 5 tries left  63C5',
      '                b  ASK 署名用パスワード → 4 tries left  63C4',
      '~     7     7  answers differ',
      '                a  READ 電子証明書の有無 0..2  8F8F00',
      '                b  READ 電子証明書の有無 0..2  8F0000',
      '-     9        GET DATA 00F2 → referenced data or key not found',
      '+           9  card removed',
      '',
      '4 different, 1 the same',
      '',
      'median time         a        b   b/a',
      'SELECT       10 ms ×1  5 ms ×1  0.50',
    ]);
  });

  test('exist in Japanese', () => {
    const text = formatDifferences(compare(a, b), { lang: 'ja' }).join('\n');
    expect(text).toContain('ステータスワードが異なる');
    expect(text).toContain('残り回数の照会 署名用パスワード → 残り4回  63C4');
    expect(text).toContain('違い4件、同じもの1件');
    expect(formatDifferences(compare(a, a), { lang: 'ja' })[0]).toBe('違いなし（同じもの4件）');
    expect(formatDifferences(compare(a, a))[0]).toBe('no differences (4 the same)');
  });

  test('show of long answers the place where they differ', () => {
    const read = (byte: string) => [
      JPKI,
      `> 00B0860000\n< ${'20'.repeat(100)}${byte}${'20'.repeat(100)} 9000`,
    ];
    const text = formatDifferences(compare(read('41'), read('42'))).join('\n');
    expect(text).toContain('  …2020202041202020');
    expect(text).toContain('  …2020202042202020');
  });

  test('are not coloured unless asked', () => {
    expect(formatDifferences(compare(a, b)).join('')).not.toContain('\u001b');
    expect(formatDifferences(compare(a, b), { color: true }).join('')).toContain('\u001b[33m');
  });
});
