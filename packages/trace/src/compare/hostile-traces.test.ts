import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MaskedBytes, PlaceholderType, Trace, TraceEntry } from '../model.ts';
import { compareTraces } from './compare-traces.ts';
import { formatDifferences } from './format-differences.ts';
import { MAX_DIFFERENCES } from './trace-difference.ts';

const types: readonly PlaceholderType[] = ['pin', 'personal', 'certificate', 'signature', 'data'];
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.record({ type: fc.constantFrom(...types), length: fc.integer({ min: 1, max: 300 }) }),
);
const masked: fc.Arbitrary<MaskedBytes> = fc.array(piece, { maxLength: 3 });
const entry: fc.Arbitrary<TraceEntry> = fc.oneof(
  fc.record({ type: fc.constant('command' as const), bytes: masked }),
  fc.record({ type: fc.constant('response' as const), bytes: masked }),
  fc.record({
    type: fc.constant('event' as const),
    event: fc.constantFrom('removed' as const, 'failed' as const),
  }),
);
const trace: fc.Arbitrary<Trace> = fc
  .array(entry, { maxLength: 25 })
  .map((entries) => ({ header: {}, entries }));

test('any two traces can be compared, and a trace is the same as itself', () => {
  fc.assert(
    fc.property(trace, trace, (a, b) => {
      expect(formatDifferences(compareTraces(a, b)).length).toBeGreaterThan(0);
      expect(compareTraces(a, a).differences).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('whether two traces differ does not depend on which comes first', () => {
  fc.assert(
    fc.property(trace, trace, (a, b) => {
      const [one, two] = [compareTraces(a, b), compareTraces(b, a)];
      expect(one.differences.length === 0).toBe(two.differences.length === 0);
    }),
  );
});

test('differences beyond the bound are counted and not told', () => {
  const command = (i: number): TraceEntry => ({
    type: 'command',
    bytes: [Uint8Array.of(0, i >> 8, i & 0xff, 0)],
  });
  const many = (from: number) => Array.from({ length: 800 }, (_, i) => command(from + i));
  const comparison = compareTraces({ header: {}, entries: many(0) }, { header: {}, entries: many(800) });
  expect(comparison.differences).toHaveLength(MAX_DIFFERENCES);
  expect(comparison.more).toBe(600);
  expect(formatDifferences(comparison).join('\n')).toContain('… and 600 more');
});
