import type { Remedy } from '@jpki/iso7816';
import type { PcscErrorCode } from '../errors.ts';

/** One sentence for people, without a full stop. */
export interface BilingualText {
  readonly en: string;
  readonly ja: string;
}

/** What one SCARD code means to us and to the person in front of the reader. */
export interface ScardCondition {
  /** Name in the PC/SC headers. */
  readonly name: string;
  /** Our class of error: a `PcscError` of this code, or one of the two errors that every link shares. */
  readonly error: PcscErrorCode | 'removed' | 'reset';
  readonly remedy: Remedy;
  /** Whether nothing reached the card, so that a program may make the same call again by itself. */
  readonly safeToRetry: boolean;
  /** Likely cause, one sentence without a full stop. */
  readonly en: string;
  readonly ja: string;
  /** What the person can do, one sentence without a full stop. */
  readonly advice: BilingualText;
}

/** A kind of failure: what conditions of it share. */
export type ConditionKind = Pick<ScardCondition, 'error' | 'remedy' | 'safeToRetry' | 'advice'>;

/** Numbers and what they mean. */
export type ConditionEntry = readonly [scardCode: number, condition: ScardCondition];

/** One row of the table: the number, its name in the headers, what kind it is, and the likely cause. */
export function condition(
  scardCode: number,
  name: string,
  kind: ConditionKind,
  cause: BilingualText,
): ConditionEntry {
  return [scardCode, { name, ...kind, ...cause }];
}
