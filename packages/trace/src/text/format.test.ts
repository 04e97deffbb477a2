import { fromHex } from '@jpki/iso7816';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinMasked } from '../masked-bytes.ts';
import type { Placeholder, Trace, TraceEntry, TraceHeader } from '../model.ts';
import { formatEntry, formatTrace } from './format.ts';
import { EVENTS, FIELD_NAMES, isTraceText, PLACEHOLDER_TYPES, traceText } from './grammar.ts';
import { parseTrace } from './parse.ts';

const EXAMPLE = `#! apdu-trace 1
# title: tries left of the authentication PIN
# atr: 3BE000FF8131FE4514
# protocol: T=1
# holder: invented
# recorded: 2026-11-21T03:00:00.000Z
# seen-by: nobody
== select the JPKI application
> 00A4040C0AD392F000260100000001
< 9000 @8.1ms
# a remark
> 0020009804{pin:4}
< 63C2
* now 2026-11-21T03:00:01.000Z
* nonce A1B2
> 00B0000000
< 30820632{certificate:252:9F3A61C2D4E5B607}9000
! failed ERR_PCSC_TIMEOUT
! removed
`;

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const textOf = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(isTraceText);
const bytesOf = (maxLength: number) => fc.uint8Array({ maxLength }).map((bytes) => new Uint8Array(bytes));
const timeOf = fc.date({
  noInvalidDate: true,
  min: new Date('0000-01-01T00:00:00Z'),
  max: new Date('9999-12-31T00:00:00Z'),
});

const placeholderOf: fc.Arbitrary<Placeholder> = fc
  .record({
    type: fc.constantFrom(...PLACEHOLDER_TYPES),
    length: fc.integer({ min: 1, max: 300 }),
    mark: optional(fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => new Uint8Array(bytes))),
  })
  .map(({ type, length, mark }) => ({ type, length, ...(mark && type !== 'pin' && { mark }) }));
const maskedOf = fc.array(fc.oneof(bytesOf(80), placeholderOf), { maxLength: 5 }).map(joinMasked);

const headerOf: fc.Arbitrary<TraceHeader> = fc.record(
  {
    title: textOf,
    atr: fc.uint8Array({ minLength: 1, maxLength: 33 }).map((bytes) => new Uint8Array(bytes)),
    protocol: fc.constantFrom('T=0' as const, 'T=1' as const),
    reader: textOf,
    software: textOf,
    card: textOf,
    holder: fc.constantFrom('person' as const, 'invented' as const),
    source: textOf,
    obtained: textOf,
    recorded: timeOf,
    more: fc.array(
      fc.record({
        name: fc
          .stringMatching(/^[a-z][a-z0-9-]{0,9}$/)
          .filter((name) => !FIELD_NAMES.some((own) => own === name)),
        value: textOf,
      }),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);

const exchangeOf: fc.Arbitrary<TraceEntry[]> = fc
  .tuple(maskedOf, optional(maskedOf), optional(fc.integer({ min: 0, max: 1e7 })))
  .map(([command, response, tenths]) => [
    { type: 'command', bytes: command },
    ...(response === undefined
      ? []
      : [
          {
            type: 'response' as const,
            bytes: response,
            ...(tenths !== undefined && { milliseconds: tenths / 10 }),
          },
        ]),
  ]);
const lineOf: fc.Arbitrary<TraceEntry> = fc.oneof(
  textOf.map((text) => ({ type: 'heading' as const, text })),
  textOf.map((text) => ({ type: 'note' as const, text })),
  fc.constantFrom(...EVENTS).map((event) => ({ type: 'event' as const, event })),
  fc
    .stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/)
    .map((code) => ({ type: 'event' as const, event: 'failed' as const, code })),
  timeOf.map((time) => ({ type: 'now' as const, time })),
  bytesOf(70).map((bytes) => ({ type: 'nonce' as const, bytes })),
);
const traceOf: fc.Arbitrary<Trace> = fc.record({
  header: headerOf,
  entries: fc
    .array(
      fc.oneof(
        exchangeOf,
        lineOf.map((entry) => [entry]),
      ),
      { maxLength: 12 },
    )
    .map((entries) => entries.flat()),
});

/** The trace without the line numbers that parsing adds. */
function withoutLines({ header, entries }: Trace): Trace {
  return { header, entries: entries.map(({ line: _, ...entry }) => entry as TraceEntry) };
}

describe('the text of a trace', () => {
  test('is read and written without a change', () => {
    expect(formatTrace(parseTrace(EXAMPLE))).toBe(EXAMPLE);
  });

  test('gives back every trace that was written', () => {
    fc.assert(
      fc.property(traceOf, (trace) => {
        expect(withoutLines(parseTrace(formatTrace(trace)))).toEqual(trace);
      }),
      { numRuns: 300 },
    );
  });

  test('is the same with CRLF, a byte order mark, small digits, blanks and empty lines', () => {
    const loose = EXAMPLE.replace('> 00A4040C0AD392', '> 00 a4 04 0c  0A d392')
      .replace('< 63C2', '\n< 63C2')
      .replaceAll('\n', ' \r\n');
    expect(withoutLines(parseTrace(`\uFEFF${loose}`))).toEqual(withoutLines(parseTrace(EXAMPLE)));
  });

  test('has at most 32 bytes in a line, and goes on in lines that begin with two blanks', () => {
    const bytes = Uint8Array.from({ length: 70 }, (_, index) => index);
    const lines = formatEntry({ type: 'response', bytes: [bytes], milliseconds: 3 }).split('\n');
    expect(lines.map((line) => line.length)).toEqual([66, 66, 21, 0]);
    expect(lines[2]).toBe('  404142434445 @3.0ms');
  });

  test('tells each entry the line on which it begins', () => {
    const text = `#! apdu-trace 1\n\n# note: no field, because of the empty line\n> 00\n  A4\n< 9000\n`;
    expect(parseTrace(text)).toEqual({
      header: {},
      entries: [
        { type: 'note', text: 'note: no field, because of the empty line', line: 3 },
        { type: 'command', bytes: [fromHex('00A4')], line: 4 },
        { type: 'response', bytes: [fromHex('9000')], line: 6 },
      ],
    });
  });

  test.each([
    ['', 1],
    ['apdu-trace 1', 1],
    ['#! apdu-trace 2', 1],
    ['#! apdu-trace 1\n# atr: 3', 2],
    ['#! apdu-trace 1\n# atr: 3B\n# atr: 3B', 3],
    ['#! apdu-trace 1\n# protocol: T=2', 2],
    ['#! apdu-trace 1\n# holder: me', 2],
    ['#! apdu-trace 1\n# recorded: 2026-02-30T03:00:00.000Z', 2],
    ['#! apdu-trace 1\n# title:', 2],
    ['#! apdu-trace 1\n# title: a\u0007b', 2],
    ['#! apdu-trace 1\n#', 2],
    ['#! apdu-trace 1\n== a\u202Eb', 2],
    ['#! apdu-trace 1\n< 9000', 2],
    ['#! apdu-trace 1\n> 00A4\n< 9000\n< 9000', 4],
    ['#! apdu-trace 1\n> 00A', 2],
    ['#! apdu-trace 1\n> 00A4\n  0', 3],
    ['#! apdu-trace 1\n> 00A4\n\n  00', 4],
    ['#! apdu-trace 1\n  00', 2],
    ['#! apdu-trace 1\n>00A4', 2],
    ['#! apdu-trace 1\n> 00A4 @1ms', 2],
    ['#! apdu-trace 1\n> 00A4\n< 9000 @1.25ms', 3],
    ['#! apdu-trace 1\n> {pin:0}', 2],
    ['#! apdu-trace 1\n> {pin:4:9F3A61C2D4E5B607}', 2],
    ['#! apdu-trace 1\n> {secret:4}', 2],
    ['#! apdu-trace 1\n> {pin:4', 2],
    ['#! apdu-trace 1\n> {data:65545}', 2],
    ['#! apdu-trace 1\n> {data:65000}{data:65000}', 2],
    ['#! apdu-trace 1\n! vanished', 2],
    ['#! apdu-trace 1\n! removed ERR_X', 2],
    ['#! apdu-trace 1\n! failed 0x80100010', 2],
    ['#! apdu-trace 1\n* now 2026-11-21', 2],
    ['#! apdu-trace 1\n* nonce {data:4}', 2],
    ['#! apdu-trace 1\n* later', 2],
    ['#! apdu-trace 1\nhello', 2],
    [`#! apdu-trace 1\n${' '.repeat(200_001)}`, 2],
    [`#! apdu-trace 1\n${'\n'.repeat(500_000)}`, 500_001],
    [`#! apdu-trace 1\n${'== a\n'.repeat(200_001)}`, 200_002],
    [`#! apdu-trace 1\n${'# a: b\n'.repeat(101)}`, 102],
  ])('refuses what is no trace and names the line (%#)', (text, line) => {
    const error = { name: 'TraceFormatError', code: 'ERR_TRACE_FORMAT', line };
    expect(() => parseTrace(text)).toThrow(expect.objectContaining(error));
  });

  test('never says what stood in a line that it refuses', () => {
    try {
      parseTrace('#! apdu-trace 1\n> 00200080 04 CANARY9');
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('CANARY9');
    }
  });

  test.each([
    () => formatTrace({ header: { title: 'two\nlines' }, entries: [] }),
    () => formatTrace({ header: { more: [{ name: 'Title', value: 'x' }] }, entries: [] }),
    () => formatTrace({ header: { more: [{ name: 'title', value: 'x' }] }, entries: [] }),
    () => formatEntry({ type: 'note', text: '' }),
    () => formatEntry({ type: 'now', time: new Date(Number.NaN) }),
    () => formatEntry({ type: 'event', event: 'removed', code: 'ERR_X' }),
    () => formatEntry({ type: 'command', bytes: [{ type: 'pin', length: 4, mark: new Uint8Array(8) }] }),
    () => formatEntry({ type: 'response', bytes: [], milliseconds: -1 }),
  ])('cannot be written for what no trace holds (%#)', (write) => {
    expect(write).toThrow(RangeError);
  });

  test('takes names from drivers once they are one line of text', () => {
    expect(traceText('ACS \u001B[31mACR\n 01\u0000')).toBe('ACS ?[31mACR? 01?');
    expect(traceText('  ')).toBeUndefined();
  });
});
