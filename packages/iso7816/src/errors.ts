import type { StatusWord } from './status.ts';

/** What the person in front of the reader can do next. Commands print advice from this, not from messages. */
export type Remedy =
  | 'none'
  | 'retry'
  | 'insert-card'
  | 'reinsert-card'
  | 'connect-reader'
  | 'start-service'
  | 'restart-service'
  | 'install-driver'
  | 'reenter-pin'
  | 'confirm-last-try'
  | 'visit-municipality';

/** What a {@link CardError} carries beside its message; `remedy` is `none` unless given. */
export interface CardErrorOptions {
  readonly code: string;
  readonly remedy?: Remedy;
  readonly cause?: unknown;
}

/** Root of everything that can go wrong between a program and a card. `code` is stable; messages are not. */
export class CardError extends Error {
  override readonly name: string = 'CardError';
  readonly code: string;
  readonly remedy: Remedy;

  constructor(message: string, options: CardErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.remedy = options.remedy ?? 'none';
  }
}

/** The link to the card failed: removed, reset, service gone. Link packages extend it with their own codes. */
export class LinkError extends CardError {
  override readonly name: string = 'LinkError';
}

/** The card is not in the reader any more, or stopped answering. */
export class CardRemovedError extends LinkError {
  override readonly name = 'CardRemovedError';

  constructor(message = 'the card was removed', cause?: unknown) {
    super(message, { code: 'ERR_CARD_REMOVED', remedy: 'reinsert-card', cause });
  }
}

/** Somebody else reset the card: what was selected is lost, and a PIN counts as not verified. */
export class CardResetError extends LinkError {
  override readonly name = 'CardResetError';

  constructor(message = 'another program reset the card', cause?: unknown) {
    super(message, { code: 'ERR_CARD_RESET', remedy: 'retry', cause });
  }
}

/** Bytes that are no response APDU. */
export class MalformedResponseError extends CardError {
  override readonly name = 'MalformedResponseError';

  constructor(message: string) {
    super(message, { code: 'ERR_CARD_MALFORMED_RESPONSE', remedy: 'reinsert-card' });
  }
}

/** Bytes that are no command APDU; seen by the card's side only. */
export class ApduFormatError extends CardError {
  override readonly name = 'ApduFormatError';

  constructor(message: string) {
    super(message, { code: 'ERR_APDU_FORMAT' });
  }
}

/** Bytes that are no BER-TLV, or one beyond the bounds of the reader. */
export class TlvFormatError extends CardError {
  override readonly name = 'TlvFormatError';

  constructor(message: string) {
    super(message, { code: 'ERR_TLV_FORMAT' });
  }
}

/** The card's answers never came to an end: a bound on a loop that the card drives was reached. */
export class CardLimitError extends CardError {
  override readonly name = 'CardLimitError';

  constructor(message: string) {
    super(message, { code: 'ERR_CARD_LIMIT', remedy: 'reinsert-card' });
  }
}

/** The header of a command, enough to say which one failed; never its data. */
export interface CommandHeader {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
}

/** A status word other than success. Applets turn it into meaning (wrong PIN, no such file). */
export class StatusWordError extends CardError {
  override readonly name = 'StatusWordError';
  readonly sw: StatusWord;
  readonly command: CommandHeader;

  constructor(sw: StatusWord, command: CommandHeader, meaning: string) {
    const byte = (n: number) => n.toString(16).toUpperCase().padStart(2, '0');
    const header = [command.cla, command.ins, command.p1, command.p2].map(byte).join(' ');
    super(`the card answered ${byte(sw >> 8)}${byte(sw & 0xff)} to ${header}: ${meaning}`, {
      code: 'ERR_CARD_STATUS_WORD',
    });
    this.sw = sw;
    this.command = { cla: command.cla, ins: command.ins, p1: command.p1, p2: command.p2 };
  }
}

/** The card refused this very PIN before: sending it again could only burn a try, so it was not sent. */
export class PinRepeatedError extends CardError {
  override readonly name = 'PinRepeatedError';

  constructor() {
    super('the card refused this PIN before; it was not sent again', {
      code: 'ERR_PIN_REPEATED',
      remedy: 'reenter-pin',
    });
  }
}

/**
 * The answer to a VERIFY or CHANGE REFERENCE DATA was lost: the card may or may not have taken it. It is never
 * sent again by the software; the caller reads the counter and tells the person.
 */
export class PinOutcomeUnknownError extends CardError {
  override readonly name = 'PinOutcomeUnknownError';
  /** Tries left, if the card could still be asked afterwards. */
  triesLeft: number | undefined;

  constructor(cause: unknown) {
    super('the answer to the PIN was lost; it is not known whether the card took it', {
      code: 'ERR_PIN_OUTCOME_UNKNOWN',
      remedy: 'reinsert-card',
      cause,
    });
  }
}
