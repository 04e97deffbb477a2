import type { StatusWord } from '@jpki/iso7816';
import { PinError } from '../errors.ts';
import type { PinReference } from '../secret-reference.ts';

/** The card refused the new PIN; the old one stays. */
export class PinChangeRefusedError extends PinError {
  override readonly name = 'PinChangeRefusedError';
  readonly sw: StatusWord;

  constructor(reference: PinReference, sw: StatusWord, cause: unknown) {
    super(`the card refused the new ${reference} PIN; the old one stays valid`, {
      code: 'ERR_PIN_CHANGE_REFUSED',
      reference,
      remedy: 'reenter-pin',
      cause,
    });
    this.sw = sw;
  }
}

/** Which PIN an application of the card has after a change that went wrong. */
export interface PinWhereabouts {
  /** Official Japanese name of the application. */
  readonly application: string;
  readonly pin: 'old' | 'new' | 'old-or-new';
}

/**
 * The answer to a change was lost, or one of the two applications that keep the 住民基本台帳用 PIN could not be brought back
 * in line with the other. `whereabouts` says what is known of each. Nothing is sent again by itself.
 */
export class PinChangeUnknownError extends PinError {
  override readonly name = 'PinChangeUnknownError';
  override readonly reference: PinReference;
  readonly whereabouts: readonly PinWhereabouts[];

  constructor(
    reference: PinReference,
    whereabouts: readonly PinWhereabouts[],
    triesLeft: number | undefined,
    cause: unknown,
  ) {
    const told = whereabouts.map(({ application, pin }) => `${application}: ${pin}`).join(', ');
    super(`it is not certain which ${reference} PIN is valid now (${told})`, {
      code: 'ERR_PIN_CHANGE_UNKNOWN',
      reference,
      remedy: 'reinsert-card',
      triesLeft,
      cause,
    });
    this.reference = reference;
    this.whereabouts = whereabouts;
  }
}
