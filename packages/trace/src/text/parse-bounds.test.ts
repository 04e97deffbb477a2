import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TraceFormatError } from '../errors.ts';
import { FIRST_LINE, TraceLimit, traceReader } from './grammar.ts';
import { parseTrace } from './parse.ts';

describe('a trace of somebody else', () => {
  test('does not make its reader search through blanks for ever', () => {
    // Quadratic, this would take a quarter of an hour.
    const line = `> 00${' '.repeat(TraceLimit.LINE - 10)}00\n`;
    const text = `${FIRST_LINE}\n${line.repeat(80)}`;
    expect(parseTrace(text).entries).toHaveLength(80);
  });

  test('does not stand for more bytes than a program could hold', () => {
    const line = `> {data:${TraceLimit.APDU}}\n`;
    const lines = Math.floor(TraceLimit.BYTES / TraceLimit.APDU);
    expect(parseTrace(`${FIRST_LINE}\n${line.repeat(lines)}`).entries).toHaveLength(lines);
    expect(() => parseTrace(`${FIRST_LINE}\n${line.repeat(lines + 1)}`)).toThrow(
      expect.objectContaining({ code: 'ERR_TRACE_FORMAT' }),
    );
  });

  test('gives a TraceFormatError for what is none, and no other error', () => {
    const pieces = fc.constantFrom(
      ...[
        '#! apdu-trace 1',
        '# atr: ',
        '> ',
        '< ',
        '  ',
        '== ',
        '! ',
        '* now ',
        '* nonce',
        '{pin:4}',
        '00A4',
      ],
      ...['9000', ' @1ms', '\n', '\r\n', '\uFEFF', '{', '}', ':', 'removed', '# '],
    );
    // Any code point, halves of pairs too. The `binary` of fast-check takes most of a second to be made.
    const unit = fc.nat({ max: 0x10ffff }).map((point) => String.fromCodePoint(point));
    const noise = fc.array(fc.oneof(pieces, fc.string({ unit, maxLength: 8 })), { maxLength: 40 });
    // What does not begin like a trace is not looked at any further.
    const text = fc.oneof(
      { weight: 1, arbitrary: fc.string({ unit }) },
      { weight: 9, arbitrary: noise.map((parts) => `#! apdu-trace 1\n${parts.join('')}`) },
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          parseTrace(given);
        } catch (error) {
          expect(error).toBeInstanceOf(TraceFormatError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([
  ['Invented Twin Reader (70D7E2EE) 00 00', 'Invented Twin Reader 00 00'],
  ['Invented 335 [CCID Interface] (21120625301458) 01 00', 'Invented 335 [CCID Interface] 01 00'],
  ['Invented Reader (contactless) 0', 'Invented Reader (contactless) 0'],
  ['Invented Reader (21120625301458)', 'Invented Reader'],
  ['Invented Reader (70D7-E2EE) 0', 'Invented Reader 0'],
  ['Invented Reader(1)', 'Invented Reader(1)'],
  ['Invented (x)', 'Invented (x)'],
  ['\u001b[2J(1) 00 00\u0000', '?[2J(1) 00 00?'],
  [' ', undefined],
  [`Invented ${'('.repeat(100_000)}`, `Invented ${'('.repeat(TraceLimit.TEXT_LINE - 9)}`],
])('the name of reader %# is written without the serial number of the device', (name, expected) => {
  expect(traceReader(name)).toBe(expected);
});
