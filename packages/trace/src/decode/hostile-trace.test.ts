import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MaskedBytes, PlaceholderType, TraceEntry } from '../model.ts';
import { type DataNode, MAX_DEPTH, MAX_NODES } from './data-node.ts';
import { decodeTrace } from './decode-trace.ts';
import { formatDecoded } from './format-decoded.ts';
import { openAtr } from './open-atr.ts';

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const SELECT_TEXT = bytesOf('00A4040C0AD3921000310001010408');
const READ = bytesOf('00B08100000000');
const DONE = bytesOf('9000');

/** The file EF 0001 of the 券面事項入力補助AP with these contents. */
const fileOf = (contents: MaskedBytes): TraceEntry[] => [
  { type: 'command', bytes: [SELECT_TEXT] },
  { type: 'response', bytes: [DONE] },
  { type: 'command', bytes: [READ] },
  { type: 'response', bytes: [...contents, DONE] },
];

const textOf = (entries: readonly TraceEntry[]): string =>
  formatDecoded(decodeTrace({ header: {}, entries }), { verbose: true }).join('\n');

const opened = (contents: MaskedBytes): readonly DataNode[] => {
  const step = decodeTrace({ header: {}, entries: fileOf(contents) }).lines.at(-1);
  return step?.type === 'step' ? step.data : [];
};

const depthOf = (nodes: readonly DataNode[]): number =>
  Math.max(0, ...nodes.map(({ children }) => 1 + depthOf(children)));
const countOf = (nodes: readonly DataNode[]): number =>
  nodes.reduce((sum, { children }) => sum + 1 + countOf(children), 0);

/** `levels` templates in one another. */
const nested = (levels: number): Uint8Array => {
  const bytes: number[] = [];
  for (let level = 0; level < levels; level++) bytes.push(0xff, 0x20, 0x83, 0, 0xff, 0xff);
  return Uint8Array.from(bytes);
};

describe('a trace from a stranger', () => {
  test('is opened to a bounded depth and size', () => {
    expect(depthOf(opened([nested(5000)]))).toBeLessThanOrEqual(MAX_DEPTH + 2);
    const wide = Uint8Array.from([
      0xff,
      0x20,
      0x82,
      0x9c,
      0x40,
      ...new Array<number[]>(20_000).fill([4, 0]).flat(),
    ]);
    expect(countOf(opened([wide]))).toBeLessThanOrEqual(MAX_NODES + 2);
  });

  test('lengths beyond their object are called malformed', () => {
    expect(textOf(fileOf([bytesOf('FF2005DF22054142')]))).toContain('✗ malformed  says 5 bytes, has 2');
    expect(textOf(fileOf([bytesOf('FF2002DF22')]))).toContain('✗ malformed  ends too early');
    expect(textOf(fileOf([bytesOf('FF80')]))).toContain('✗ malformed  ends too early');
    expect(textOf(fileOf([bytesOf('FF208005')]))).toContain('✗ malformed  no data object: FF208005');
    expect(textOf(fileOf([bytesOf('FF2005DF220541')])).split('\n').length).toBeLessThan(30);
  });

  test('placeholders that claim any length cost nothing', () => {
    for (const length of [0, -5, 1e9, Number.NaN, Number.MAX_SAFE_INTEGER])
      expect(textOf(fileOf([{ type: 'personal', length }]))).toContain('READ 個人番号');
  });

  test('cannot write to the terminal through its texts', () => {
    const evil = 'a\u001b[2Jb\u0007\u202ec\nd';
    const entries: TraceEntry[] = [
      { type: 'heading', text: evil },
      { type: 'note', text: evil },
      { type: 'event', event: 'failed', code: evil },
      ...fileOf([
        Uint8Array.from([0xff, 0x20, evil.length + 3, 0xdf, 0x22, evil.length, ...Buffer.from('x\u001b[2J')]),
      ]),
    ];
    const header = { title: evil, more: [] };
    const lines = formatDecoded(decodeTrace({ header, entries }), { verbose: true });
    for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('takes time in proportion to its length, also when it reads the same file all along', () => {
    const entries: TraceEntry[] = fileOf([bytesOf('FF2000')]);
    const read = entries.slice(2);
    for (let i = 0; i < 10_000; i++) entries.push(...read);
    const { lines, totals } = decodeTrace({ header: {}, entries });
    expect(lines).toHaveLength(2);
    expect(totals.commands).toBe(10_002);
  });

  const types: readonly PlaceholderType[] = ['pin', 'personal', 'certificate', 'signature', 'data'];
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.record({ type: fc.constantFrom(...types), length: fc.integer({ min: 1, max: 300 }) }),
  );
  const masked: fc.Arbitrary<MaskedBytes> = fc.array(piece, { maxLength: 4 });
  const header = fc.constantFrom(
    '00A4040C',
    '00A4020C',
    '00B0',
    '00B2',
    '0020',
    '00CA',
    '802A',
    '80A2',
    '00C0',
    '08B0',
  );
  const command = fc.tuple(header, masked).map(([hex, rest]): MaskedBytes => [bytesOf(hex), ...rest]);
  const entry: fc.Arbitrary<TraceEntry> = fc.oneof(
    fc.record({ type: fc.constant('command' as const), bytes: fc.oneof(command, masked) }),
    fc.record({ type: fc.constant('response' as const), bytes: masked.map((bytes) => [...bytes, DONE]) }),
    fc.record({ type: fc.constant('response' as const), bytes: masked }),
    fc.record({
      type: fc.constant('event' as const),
      event: fc.constantFrom('removed' as const, 'reset' as const),
    }),
  );

  test('never makes decoding throw', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
        expect(textOf(entries)).toContain('PIN tries spent');
      }),
      { numRuns: 300 },
    );
  });

  test('any bytes after a known first one are opened or called malformed', () => {
    const first = fc.constantFrom('30', '4D', '66', '7F21', 'A1', 'FF20', 'FF40');
    fc.assert(
      fc.property(first, fc.uint8Array({ minLength: 1, maxLength: 80 }), (tag, rest) => {
        const nodes = opened([Uint8Array.from([...bytesOf(tag), ...rest])]);
        expect(countOf(nodes)).toBeGreaterThan(0);
        expect(countOf(nodes)).toBeLessThanOrEqual(MAX_NODES + 2);
      }),
      { numRuns: 300 },
    );
  });

  test('any ATR is opened', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (atr) => {
        expect(openAtr(atr).children.length).toBeGreaterThan(0);
        expect(openAtr(Uint8Array.from([0x3b, ...atr])).children.length).toBeLessThanOrEqual(40);
      }),
    );
  });
});
