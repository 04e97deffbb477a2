import { CardError, type PinFormatViolation, type Remedy, type StatusWord } from '@jpki/iso7816';
import type { SecretReference } from './secret-reference.ts';

/** Root of the errors about one of the card's PINs; none ever holds the PIN. */
export class PinError extends CardError {
  override readonly name: string = 'PinError';
  readonly reference: SecretReference;
  /** Tries left as the card tells, 0 to 10; `undefined` when it was not asked or did not say. */
  readonly triesLeft: number | undefined;

  constructor(
    message: string,
    options: {
      readonly code: string;
      readonly reference: SecretReference;
      readonly remedy: Remedy;
      readonly triesLeft?: number | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, options);
    this.reference = options.reference;
    this.triesLeft = options.triesLeft;
  }
}

/** The PIN cannot be right: wrong length or characters. Nothing was sent, no try was spent. */
export class PinFormatError extends PinError {
  override readonly name = 'PinFormatError';
  readonly violation: PinFormatViolation;

  constructor(reference: SecretReference, violation: PinFormatViolation) {
    const message = `the ${reference} PIN has the wrong form (${violation}); nothing was sent to the card`;
    super(message, { code: 'ERR_PIN_FORMAT', reference, remedy: 'reenter-pin' });
    this.violation = violation;
  }
}

/** The card compared the PIN and refused it: one try was spent. */
export class PinIncorrectError extends PinError {
  override readonly name = 'PinIncorrectError';

  constructor(reference: SecretReference, triesLeft: number, cause?: unknown) {
    const message = `the ${reference} PIN is incorrect, ${triesLeft} tries left`;
    super(message, { code: 'ERR_PIN_INCORRECT', reference, remedy: 'reenter-pin', triesLeft, cause });
  }
}

/** No tries are left: only the municipality (for a JPKI PIN also a kiosk) can help. */
export class PinBlockedError extends PinError {
  override readonly name = 'PinBlockedError';

  constructor(reference: SecretReference, cause?: unknown) {
    const message = `the ${reference} PIN is blocked`;
    super(message, { code: 'ERR_PIN_BLOCKED', reference, remedy: 'visit-municipality', triesLeft: 0, cause });
  }
}

/** One try is left and the person has not agreed to spend it. Nothing was sent. */
export class LastTryError extends PinError {
  override readonly name = 'LastTryError';

  constructor(reference: SecretReference, triesLeft: number) {
    const message = `only ${triesLeft} try of the ${reference} PIN is left; it is not spent without consent`;
    super(message, { code: 'ERR_PIN_LAST_TRY', reference, remedy: 'confirm-last-try', triesLeft });
  }
}

/** The card refused this very PIN before. It was not sent again, and no further try was spent. */
export class PinKnownWrongError extends PinError {
  override readonly name = 'PinKnownWrongError';

  constructor(reference: SecretReference, triesLeft: number, cause?: unknown) {
    const message = `the ${reference} PIN is the one the card refused before; it was not sent again`;
    super(message, { code: 'ERR_PIN_KNOWN_WRONG', reference, remedy: 'reenter-pin', triesLeft, cause });
  }
}

/** The counter is not the one the person was shown: somebody else used a try in between. Nothing was sent. */
export class CounterChangedError extends PinError {
  override readonly name = 'CounterChangedError';

  constructor(reference: SecretReference, shown: number, triesLeft: number) {
    const message = `the tries left of the ${reference} PIN changed from ${shown} to ${triesLeft} while it was asked`;
    super(message, { code: 'ERR_PIN_COUNTER_CHANGED', reference, remedy: 'retry', triesLeft });
  }
}

/** The card told no counter, or one that this PIN cannot have. Nothing more is sent. */
export class ImplausibleCounterError extends PinError {
  override readonly name = 'ImplausibleCounterError';

  constructor(reference: SecretReference, what: string, cause?: unknown) {
    const message = `the counter of the ${reference} PIN cannot be trusted: ${what}`;
    super(message, { code: 'ERR_PIN_COUNTER_IMPLAUSIBLE', reference, remedy: 'reinsert-card', cause });
  }
}

/** The card did not compare the PIN and answered something else. `triesLeft` was read afterwards. */
export class PinRefusedError extends PinError {
  override readonly name = 'PinRefusedError';
  readonly sw: StatusWord;

  constructor(reference: SecretReference, sw: StatusWord, triesLeft: number | undefined, cause: unknown) {
    const message = `the card did not accept the ${reference} PIN for comparison`;
    super(message, { code: 'ERR_PIN_REFUSED', reference, remedy: 'reinsert-card', triesLeft, cause });
    this.sw = sw;
  }
}

/** The file or key needs a PIN that was not given. */
export class PinRequiredError extends PinError {
  override readonly name = 'PinRequiredError';

  constructor(reference: SecretReference, cause?: unknown) {
    const message = `the card wants the ${reference} PIN for this`;
    super(message, { code: 'ERR_PIN_REQUIRED', reference, remedy: 'reenter-pin', cause });
  }
}

/** The application is not on this card: probably no Individual Number Card. */
export class ApplicationNotFoundError extends CardError {
  override readonly name = 'ApplicationNotFoundError';

  /** @param application official Japanese name of the application that is not there. */
  constructor(cause?: unknown, application = '公的個人認証AP') {
    super(`the card has no such application (${application}); it is no Individual Number Card`, {
      code: 'ERR_APPLICATION_NOT_FOUND',
      remedy: 'insert-card',
      cause,
    });
  }
}

/** The card holds no certificate of this kind: under 15 years of age, not asked for, or revoked at the counter. */
export class CertificateAbsentError extends CardError {
  override readonly name = 'CertificateAbsentError';
  readonly certificate: 'sign' | 'auth';

  constructor(certificate: 'sign' | 'auth') {
    super(`this card has no ${certificate} certificate`, {
      code: 'ERR_CERTIFICATE_ABSENT',
      remedy: 'visit-municipality',
    });
    this.certificate = certificate;
  }
}

/** A file on the card does not hold what it must. */
export class CardDataInvalidError extends CardError {
  override readonly name = 'CardDataInvalidError';

  constructor(what: string, cause?: unknown) {
    super(`the card returned invalid data: ${what}`, {
      code: 'ERR_CARD_DATA_INVALID',
      remedy: 'reinsert-card',
      cause,
    });
  }
}

/** The card's signature does not verify with its own certificate; it is withheld. */
export class CardSignatureInvalidError extends CardError {
  override readonly name = 'CardSignatureInvalidError';

  constructor() {
    super('the signature made by the card does not verify with its certificate', {
      code: 'ERR_CARD_SIGNATURE_INVALID',
      remedy: 'reinsert-card',
    });
  }
}

/** An answer under secure messaging cannot be decrypted; nothing of it is used. */
export class SecureMessagingError extends CardError {
  override readonly name = 'SecureMessagingError';

  constructor(what: string, cause?: unknown) {
    super(`the card's encrypted answer cannot be read: ${what}`, {
      code: 'ERR_SECURE_MESSAGING',
      remedy: 'reinsert-card',
      cause,
    });
  }
}
