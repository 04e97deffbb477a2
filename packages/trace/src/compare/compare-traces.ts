import { toHex } from '@jpki/iso7816';
import type { Exchange } from '../decode/exchange.ts';
import type { Wording } from '../decode/wording.ts';
import { maskedText } from '../masked-bytes.ts';
import type { Trace, TraceHeader } from '../model.ts';
import { align } from './align.ts';
import { answersDiffer } from './answer-difference.ts';
import { type Comparable, comparablesOf, lineOf, sentenceOf } from './comparable.ts';
import { compareTimings } from './timings.ts';
import {
  type CompareOptions,
  type DifferencePlace,
  MAX_DIFFERENCES,
  type TraceComparison,
  type TraceDifference,
} from './trace-difference.ts';

/** A difference whose texts are not made yet: of most, in two traces that have little in common, none are needed. */
type Pending = () => TraceDifference;

/**
 * Compares two recordings of the same thing. What differs from one run to the next does not count: times, challenges,
 * PINs, session keys, encrypted answers, signatures over something else, and the marks of placeholders.
 */
export function compareTraces(a: Trace, b: Trace, options: CompareOptions = {}): TraceComparison {
  const [inA, inB] = [comparablesOf(a, options.ignore), comparablesOf(b, options.ignore)];
  const differences: Pending[] = headerDifferences(a.header, b.header);
  let same = 0;
  const script = align(
    inA.map(({ key }) => key),
    inB.map(({ key }) => key),
  );
  for (const { a: i, b: j } of script) {
    const pair: Pair = { ...(i !== undefined && { a: inA[i] }), ...(j !== undefined && { b: inB[j] }) };
    const found = differenceOf(pair, options);
    if (found === undefined) same++;
    else differences.push(found);
  }
  return {
    differences: differences.slice(0, MAX_DIFFERENCES).map((make) => make()),
    more: Math.max(0, differences.length - MAX_DIFFERENCES),
    same,
    timings: compareTimings(comparablesOf(a), comparablesOf(b)),
  };
}

interface Pair {
  readonly a?: Comparable | undefined;
  readonly b?: Comparable | undefined;
}

function differenceOf({ a, b }: Pair, options: CompareOptions): Pending | undefined {
  if (a === undefined) return b && (() => ({ kind: 'only-in-b', b: placeOf(b) }));
  if (b === undefined) return () => ({ kind: 'only-in-a', a: placeOf(a) });
  if (a.type === 'event' || b.type === 'event') {
    const isSame = a.type === b.type && a.type === 'event' && b.type === 'event' && sameEvent(a, b);
    return isSame ? undefined : () => ({ kind: 'event-differs', a: placeOf(a), b: placeOf(b) });
  }
  return answerDifference(a, b, options);
}

type EventComparable = Extract<Comparable, { type: 'event' }>;
type ExchangeComparable = Extract<Comparable, { type: 'exchange' }>;

function sameEvent(a: EventComparable, b: EventComparable): boolean {
  return a.event.event === b.event.event && a.event.code === b.event.code;
}

function answerDifference(
  a: ExchangeComparable,
  b: ExchangeComparable,
  { ignore }: CompareOptions,
): Pending | undefined {
  const [one, two] = [a.exchange, b.exchange];
  if ((one.response === undefined) !== (two.response === undefined))
    return () => ({ kind: 'response-differs', a: placeOf(a), b: placeOf(b) });
  if (one.sw !== two.sw) {
    const place = (side: ExchangeComparable) => placeOf(side, statusText(side.exchange));
    return () => ({ kind: 'status-word-differs', a: place(a), b: place(b) });
  }
  if (!answersDiffer(one, two, ignore)) return undefined;
  const place = (side: ExchangeComparable) => placeOf(side, maskedText(side.exchange.data));
  return () => ({ kind: 'response-differs', a: place(a), b: place(b) });
}

function statusText({ sw }: Exchange): string {
  return sw === undefined ? '----' : toHex(Uint8Array.of(sw >> 8, sw & 0xff));
}

function placeOf(comparable: Comparable, value?: string): DifferencePlace {
  const line = lineOf(comparable);
  return {
    ...(line !== undefined && { line }),
    what: sentenceOf(comparable),
    ...(value !== undefined && { value }),
  };
}

const ATR: Wording = { ja: 'ATR', en: 'ATR' };
const PROTOCOL: Wording = { ja: 'プロトコル', en: 'protocol' };

/** The header tells of card and program; only what the card itself said is compared. */
function headerDifferences(a: TraceHeader, b: TraceHeader): Pending[] {
  const rows = [
    { what: ATR, a: a.atr && toHex(a.atr), b: b.atr && toHex(b.atr) },
    { what: PROTOCOL, a: a.protocol, b: b.protocol },
  ];
  return rows
    .filter((row) => row.a !== undefined && row.b !== undefined && row.a !== row.b)
    .map(
      (row): Pending =>
        () => ({
          kind: 'header-differs',
          a: { what: row.what, value: row.a ?? '' },
          b: { what: row.what, value: row.b ?? '' },
        }),
    );
}
