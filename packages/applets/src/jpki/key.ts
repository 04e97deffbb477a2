import { type Certificate, CertificateFormatError, readCertificate } from '@jpki/core';
import { type CardSession, StatusWordError, Sw, TlvFormatError } from '@jpki/iso7816';
import { CardDataInvalidError, CertificateAbsentError, PinRequiredError } from '../errors.ts';
import type { CallOptions, Hold } from '../hold.ts';
import { readTriesLeft } from '../pin-gate.ts';
import type { PinSource, UnlockOptions } from '../pin-source.ts';
import { unlocked } from '../unlock.ts';
import { readAvailability } from './availability.ts';
import { type CardSigner, cardSigner } from './card-signer.ts';
import type { JpkiKeyLayout } from './key-layout.ts';

/** How a PIN is obtained, and what happens around it. */
export interface PinOptions extends UnlockOptions {
  /** The PIN, or whom to ask for it. A PIN that cannot be right is refused before anything is sent. */
  readonly pin: PinSource;
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
  withSigner<T>(options: SignerOptions, work: (signer: CardSigner) => Promise<T>): Promise<T> {
    return this.#unlocked(options, async (session) => {
      const { certificateEf, keyEf, reference } = this.#layout;
      const certificate =
        options.certificate === undefined
          ? await this.#readCertificate(session, certificateEf)
          : readCertificate(options.certificate);
      return work(cardSigner(session, { reference, keyEf, certificate }));
    });
  }

  #unlocked<T>(options: PinOptions, work: (session: CardSession) => Promise<T>): Promise<T> {
    const unlock = {
      hold: this.#hold,
      location: this.#layout,
      source: options.pin,
      assertUseful: (session: CardSession) => this.#assertAvailable(session),
    };
    return unlocked(unlock, options, work);
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
