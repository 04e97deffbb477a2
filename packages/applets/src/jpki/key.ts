import { type Certificate, CertificateFormatError, readCertificate, type Signer } from '@jpki/core';
import { type CardSession, Pin, StatusWordError, Sw, TlvFormatError } from '@jpki/iso7816';
import { lockedAfter } from '../card-manager.ts';
import { CardDataInvalidError, CertificateAbsentError, PinRequiredError } from '../errors.ts';
import { assertTriesAllow, type PinConsent, readTriesLeft, verifyPin } from '../pin-gate.ts';
import { normalizePin, PIN_POLICY, type PinReference } from '../pin-policy.ts';
import { readAvailability } from './availability.ts';
import { cardSigner } from './card-signer.ts';
import type { CallOptions, Hold } from './hold.ts';
import type { JpkiKeyLayout } from './key-layout.ts';

/** What a person is asked for, and what they should be told with it. */
export interface PinRequest {
  readonly reference: PinReference;
  /** Tries left before the PIN is sent. */
  readonly triesLeft: number;
  readonly maxTries: number;
  readonly signal: AbortSignal | undefined;
}

/** Asks a person for a PIN. Called when the card needs one and not before; the card is not held meanwhile. */
export type PinProvider = (request: PinRequest) => Promise<Pin>;

/** How a PIN is obtained, and what happens around it. */
export interface PinOptions extends CallOptions, Pick<PinConsent, 'allowLastTry' | 'onTriesLeft'> {
  /** The PIN, or whom to ask for it. A PIN that cannot be right is refused before anything is sent. */
  readonly pin: Pin | PinProvider;
  /** Told when the card could not be locked afterwards, most likely because it was removed. */
  readonly onLockFailed?: (error: unknown) => void;
}

/** How a signer is obtained. */
export interface SignerOptions extends PinOptions {
  /**
   * The key's certificate, where the caller read it from this card before: saves reading it again. Signatures are
   * checked against it.
   */
  readonly certificate?: Uint8Array;
}

/** One of the card's two keys with its certificate, its CA and its PIN. */
export class JpkiKey {
  readonly #layout: JpkiKeyLayout;
  readonly #hold: Hold;

  constructor(layout: JpkiKeyLayout, hold: Hold) {
    this.#layout = layout;
    this.#hold = hold;
  }

  /** Tries left of this key's PIN; 0 means blocked. Spends none. */
  triesLeft(options: CallOptions = {}): Promise<number> {
    return this.#hold((session) => readTriesLeft(session, this.#layout), options);
  }

  /** Certificate of the CA that issued this key's certificate, DER; needs no PIN. */
  caCertificate(options: CallOptions = {}): Promise<Uint8Array> {
    return this.#hold(
      async (session) => (await this.#readCertificate(session, this.#layout.caEf)).der,
      options,
    );
  }

  /**
   * The certificate of this key, DER. The 署名用 one needs the password; the 利用者証明用 one needs its PIN on some phones
   * only, and `pin` is then used.
   *
   * @throws {PinRequiredError} when the token wants a PIN and none was given; {@link CertificateAbsentError};
   * the errors of {@link JpkiKey.withSigner}.
   */
  async certificate(options: CallOptions & Partial<PinOptions> = {}): Promise<Uint8Array> {
    const { pin } = options;
    const { certificateEf, certificateIsProtected, reference } = this.#layout;
    const read = async (session: CardSession) => (await this.#readCertificate(session, certificateEf)).der;
    if (!certificateIsProtected) {
      try {
        return await this.#hold(read, options);
      } catch (error) {
        if (!(error instanceof PinRequiredError) || pin === undefined) throw error;
      }
    }
    if (pin === undefined) throw new PinRequiredError(reference);
    return this.#unlocked({ ...options, pin }, read);
  }

  /**
   * Verifies the PIN once, hands `work` a signer for this key, and leaves the card locked, however `work` ends. The
   * card is held meanwhile: no person and no network should be waited for inside. The signer ends with the scope.
   *
   * @throws {PinFormatError} before anything is sent; {@link PinIncorrectError}, {@link PinBlockedError},
   * {@link LastTryError}, {@link CounterChangedError}, {@link PinOutcomeUnknownError}; {@link CertificateAbsentError}
   * before a PIN is asked; `signal.reason`; whatever `work` throws.
   */
  withSigner<T>(options: SignerOptions, work: (signer: Signer) => Promise<T>): Promise<T> {
    return this.#unlocked(options, async (session) => {
      const { certificateEf, keyEf, reference } = this.#layout;
      const certificate =
        options.certificate === undefined
          ? await this.#readCertificate(session, certificateEf)
          : readCertificate(options.certificate);
      return work(cardSigner(session, { reference, keyEf, certificate }));
    });
  }

  async #unlocked<T>(options: PinOptions, work: (session: CardSession) => Promise<T>): Promise<T> {
    const { onLockFailed = warnLockFailed, signal } = options;
    const { pin, shown } = await this.#obtainPin(options);
    try {
      return await this.#hold(
        async (session) => {
          if (shown === undefined) await this.#assertAvailable(session);
          return lockedAfter(session, onLockFailed, async () => {
            await verifyPin(session, this.#layout, pin, { ...options, shown });
            return work(session);
          });
        },
        { signal },
      );
    } finally {
      pin[Symbol.dispose]();
    }
  }

  /** The PIN in the form the card compares, and the counter its giver was shown, if somebody was asked. */
  async #obtainPin(options: PinOptions): Promise<{ readonly pin: Pin; readonly shown: number | undefined }> {
    const { reference } = this.#layout;
    const { signal } = options;
    if (options.pin instanceof Pin) return { pin: this.#normalized(options.pin), shown: undefined };
    const triesLeft = await this.#hold(
      async (session) => {
        await this.#assertAvailable(session);
        const tries = await readTriesLeft(session, this.#layout);
        assertTriesAllow(reference, tries, options);
        return tries;
      },
      { signal },
    );
    const request = { reference, triesLeft, maxTries: PIN_POLICY[reference].maxTries, signal };
    return { pin: this.#normalized(await options.pin(request)), shown: triesLeft };
  }

  #normalized(pin: Pin): Pin {
    try {
      normalizePin(this.#layout.reference, pin);
      return pin;
    } catch (error) {
      pin[Symbol.dispose]();
      throw error;
    }
  }

  /** Nobody should type a password for a certificate that is not there. */
  async #assertAvailable(session: CardSession): Promise<void> {
    const { reference, certificateIsProtected } = this.#layout;
    if (certificateIsProtected && !(await readAvailability(session)).sign)
      throw new CertificateAbsentError(reference);
  }

  async #readCertificate(session: CardSession, ef: number): Promise<Certificate> {
    const { reference } = this.#layout;
    try {
      await session.selectEf(ef);
      return readCertificate(await session.readObject());
    } catch (error) {
      if (error instanceof CertificateFormatError || error instanceof TlvFormatError) {
        throw new CardDataInvalidError('a certificate file holds no certificate', error);
      }
      if (!(error instanceof StatusWordError)) throw error;
      if (error.sw === Sw.SECURITY_STATUS_NOT_SATISFIED) throw new PinRequiredError(reference, error);
      if (error.sw === Sw.FILE_NOT_FOUND) throw new CertificateAbsentError(reference);
      throw error;
    }
  }
}

function warnLockFailed(): void {
  process.emitWarning('the card could not be locked after use; remove it from the reader', {
    code: 'JPKI_LOCK_FAILED',
  });
}
