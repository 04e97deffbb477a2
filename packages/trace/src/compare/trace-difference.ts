import type { Wording } from '../decode/wording.ts';

/**
 * Content that is not compared. `certificates`: what the files of the holder's certificates hold, and how many commands
 * it took to read them. `contents`: the same of everything that is the holder's or this one card's, certificates among
 * it: attributes, keys, serial numbers, and what the card signs.
 */
export type IgnoredContent = 'certificates' | 'contents';

/** How two traces are compared. */
export interface CompareOptions {
  /** Default: nothing. */
  readonly ignore?: IgnoredContent | undefined;
}

/** What differs between two traces. */
export type DifferenceKind =
  | 'only-in-a'
  | 'only-in-b'
  | 'status-word-differs'
  | 'response-differs'
  | 'event-differs'
  | 'header-differs';

/** One difference between two traces, with its place in each. */
export interface TraceDifference {
  readonly kind: DifferenceKind;
  /** The place in the first trace; absent for `only-in-b`. */
  readonly a?: DifferencePlace;
  /** The place in the second trace; absent for `only-in-a`. */
  readonly b?: DifferencePlace;
}

/** One side of a difference. */
export interface DifferencePlace {
  /** Line in the text of the trace, where it has one. */
  readonly line?: number;
  /** What stands there, as the decoded trace says it: `ASK 署名用パスワード → 5 tries left`. */
  readonly what: Wording;
  /** The bytes that differ, as they stand in a trace; for a status word its four hex digits. */
  readonly value?: string;
}

/** What two traces have in common and what not. */
export interface TraceComparison {
  /** In order. At most {@link MAX_DIFFERENCES}; `more` counts those beyond. */
  readonly differences: readonly TraceDifference[];
  readonly more: number;
  /** Commands and events that are the same in both. */
  readonly same: number;
  /** Times by what was done; empty unless both traces have times. */
  readonly timings: readonly TimingRow[];
}

/** Most differences told one by one. */
export const MAX_DIFFERENCES = 1000;

/** Times of one sort of command in two traces. */
export interface TimingRow {
  /** `SIGN 署名用秘密鍵`, `READ`. */
  readonly what: Wording;
  readonly a: TimingSide;
  readonly b: TimingSide;
  /** Median of b by median of a; absent where a's is zero. */
  readonly ratio?: number;
}

/** Times of one sort of command in one trace. */
export interface TimingSide {
  readonly count: number;
  readonly medianMilliseconds: number;
}
