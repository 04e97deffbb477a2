import { describe, expect, test } from 'vitest';
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
});

test.each([
  ['Invented Twin Reader (70D7E2EE) 00 00', 'Invented Twin Reader 00 00'],
  ['Invented 335 [CCID Interface] (21120625301458) 01 00', 'Invented 335 [CCID Interface] 01 00'],
  ['Invented Reader (contactless) 0', 'Invented Reader (contactless) 0'],
  ['Invented (x)', 'Invented (x)'],
  ['\u001b[2J(1) 00 00\u0000', '?[2J(1) 00 00?'],
  [' ', undefined],
  [`Invented ${'('.repeat(100_000)}`, `Invented ${'('.repeat(TraceLimit.TEXT_LINE - 9)}`],
])('the name of reader %# is written without the serial number of the device', (name, expected) => {
  expect(traceReader(name)).toBe(expected);
});
