import { CardError } from './errors.ts';
import type { PinFormat } from './pin.ts';

/** What a keypad is to do: ask for a PIN, put it into this command, and send that to the card, once. */
export interface PinPadRequest {
  /** CLA, INS, P1 and P2 of the command, four bytes. No PIN is in it, and none ever comes here. */
  readonly header: Uint8Array;
  /** What the PIN must look like; a keypad that cannot type such PINs refuses. */
  readonly format: PinFormat;
}

/**
 * A keypad that sends a PIN to the card without showing it to this computer (PC/SC part 10, "secure PIN entry").
 * A reader package makes one from its channel.
 */
export interface PinPad {
  /**
   * Asks the person, and sends the command. Resolves with the card's answer; never sends it a second time.
   *
   * @throws {PinPadError} when it is certain that nothing reached the card; anything else where it is not.
   */
  enter(request: PinPadRequest): Promise<Uint8Array>;
}

/** Why a keypad sent nothing. `mismatch`: a new PIN was not typed twice alike. */
export type PinPadReason = 'refused' | 'cancelled' | 'timeout' | 'mismatch' | 'length';

const CODES: Readonly<Record<PinPadReason, string>> = {
  refused: 'ERR_PIN_PAD_REFUSED',
  cancelled: 'ERR_PIN_PAD_CANCELLED',
  timeout: 'ERR_PIN_PAD_TIMEOUT',
  mismatch: 'ERR_PIN_PAD_MISMATCH',
  length: 'ERR_PIN_PAD_LENGTH',
};

/** The keypad sent no PIN, so no try was spent: it cannot type such PINs, or the person did not finish. */
export class PinPadError extends CardError {
  override readonly name = 'PinPadError';
  readonly reason: PinPadReason;
  /** Tries left, where the card was asked afterwards: as many as before. */
  triesLeft: number | undefined;

  constructor(reason: PinPadReason, message: string, cause?: unknown) {
    super(message, {
      code: CODES[reason],
      remedy: reason === 'refused' ? 'none' : 'reenter-pin',
      cause,
    });
    this.reason = reason;
  }
}
