import { CardRemovedError, CardResetError, type LinkError } from '@jpki/iso7816';
import { ScardFailure } from '../binding.ts';
import { PcscError, type PcscErrorCode } from '../errors.ts';
import type { ScardCondition } from './scard-condition.ts';
import { scardConditions } from './scard-conditions.ts';

/** What a SCARD code means; undefined for one that PC/SC does not define. */
export function describeScardCode(scardCode: number): ScardCondition | undefined {
  return scardConditions.get(scardCode);
}

/** True where the service went away: a new context is needed, and may work after a moment. */
export function isServiceFailure(error: unknown): error is ScardFailure {
  return (
    error instanceof ScardFailure && scardConditions.get(error.scardCode)?.error === 'ERR_PCSC_NO_SERVICE'
  );
}

/** True where the service is there and says nothing: neither a slow card nor another program. */
export function isServiceSilent(error: unknown): boolean {
  return error instanceof PcscError && error.remedy === 'restart-service';
}

/** Failures of a command that never reached the card: the connection is as good as before. */
export const REFUSED_COMMANDS: ReadonlySet<PcscErrorCode> = new Set([
  'ERR_PCSC_SHARING_VIOLATION',
  'ERR_PCSC_UNSUPPORTED',
]);

/** Calls that carry bytes to the card. A code that means "before" elsewhere can mean "in the middle of it" here. */
const CARRYING: ReadonlySet<string> = new Set(['SCardTransmit', 'SCardControl']);

/**
 * The typed error for whatever a binding threw. Errors that are typed already, or that are no failure of a PC/SC
 * call at all, come back as they are.
 */
export function pcscErrorFrom(error: unknown, readerName?: string): unknown {
  if (!(error instanceof ScardFailure)) return error;
  return fromCondition(scardConditions.get(error.scardCode), error, readerName);
}

function fromCondition(
  condition: ScardCondition | undefined,
  failure: ScardFailure,
  readerName: string | undefined,
): LinkError {
  const { scardCode, call } = failure;
  const where = readerName === undefined ? '' : ` (reader "${readerName}")`;
  // Said by pcscd, since 1.9.0, when a driver notices in the middle of a command that the card is gone (ifdwrapper.c).
  const isTakenAway = condition?.error === 'ERR_PCSC_NO_CARD' && call === 'SCardTransmit';
  if (isTakenAway) return new CardRemovedError('the card was removed before it answered', failure);
  if (condition?.error === 'removed') return new CardRemovedError(condition.en, failure);
  if (condition?.error === 'reset') return new CardResetError(condition.en, failure);
  const base = { scardCode, readerName, cause: failure };
  if (!condition) {
    return new PcscError(`${failure.message}${where}`, {
      ...base,
      code: 'ERR_PCSC_INTERNAL',
      remedy: 'retry',
    });
  }
  return new PcscError(`${condition.en}${where}`, {
    ...base,
    code: condition.error,
    remedy: condition.remedy,
    safeToRetry: condition.safeToRetry && (!CARRYING.has(call) || REFUSED_COMMANDS.has(condition.error)),
  });
}
