import { type StatusWord, Sw, triesLeftFrom } from '@jpki/iso7816';
import type { Step } from '../steps/card-step.ts';
import type { Wording } from './wording.ts';

/** Whether a VERIFY or CHANGE cost a try: what a status word tells of it. */
export function spentTry(kind: Step['kind'], sw: StatusWord): boolean {
  if (kind !== 'verify' && kind !== 'change-pin') return false;
  return sw === Sw.VERIFICATION_FAILED || triesLeftFrom(sw) !== undefined;
}

/**
 * What the answer to VERIFY, to the question for the tries left, or to a change says; `undefined` where the status word
 * has no special meaning for PINs.
 *
 * @param maxTries tries of a fresh counter: a right PIN sets it back to them (card-protocol.md 3.2).
 */
export function pinOutcome(kind: Step['kind'], sw: StatusWord, maxTries?: number): Wording | undefined {
  const left = triesLeftFrom(sw);
  if (left !== undefined) return kind === 'ask-tries' ? asked(left) : refused(left);
  switch (sw) {
    case Sw.OK:
      return done(kind, maxTries);
    case Sw.VERIFICATION_FAILED:
      return { ja: '不一致（残り回数の通知なし）', en: 'wrong, tries left not told' };
    case Sw.AUTHENTICATION_METHOD_BLOCKED:
    case Sw.REFERENCE_DATA_NOT_USABLE:
      return { ja: 'ロックされている', en: 'blocked' };
    default:
      return undefined;
  }
}

function asked(left: number): Wording {
  const { ja, en } = triesLeft(left);
  return left === 0 ? { ja: `${ja}（ロックされている）`, en: `${en}, blocked` } : { ja, en };
}

function refused(left: number): Wording {
  const { ja, en } = triesLeft(left);
  return left === 0
    ? { ja: `${ja}（不一致、これでロック）`, en: `${en} (wrong, blocked now)` }
    : { ja: `${ja}（不一致）`, en: `${en} (wrong)` };
}

function done(kind: Step['kind'], maxTries: number | undefined): Wording {
  if (kind === 'ask-tries') return { ja: '照合済み', en: 'verified before' };
  if (kind === 'change-pin') return { ja: '変更された', en: 'changed' };
  if (maxTries === undefined) return { ja: '一致', en: 'right' };
  const { ja, en } = triesLeft(maxTries);
  return { ja: `${ja}（一致）`, en: `${en} (right)` };
}

function triesLeft(left: number): Wording {
  return { ja: `残り${left}回`, en: `${left} ${left === 1 ? 'try' : 'tries'} left` };
}
