/** Root of everything that can go wrong with documents, certificates and signatures. `code` is stable. */
export class CoreError extends Error {
  override readonly name: string = 'CoreError';
  readonly code: string;

  constructor(message: string, options: { readonly code: string; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
  }
}

/** Bytes that are no DER, or DER beyond the bounds of the reader. `offset` counts bytes from the start of the input. */
export class DerError extends CoreError {
  override readonly name = 'DerError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} (at byte ${offset})`, { code: 'ERR_DER' });
    this.offset = offset;
  }
}

/** Well-formed DER that is no X.509 certificate (RFC 5280), or one of a kind that JPKI does not use. */
export class CertificateFormatError extends CoreError {
  override readonly name = 'CertificateFormatError';

  constructor(message: string, cause?: unknown) {
    super(message, { code: 'ERR_CERTIFICATE_FORMAT', cause });
  }
}

/** Bytes that are no CMS SignedData (RFC 5652), or one outside the supported profile. */
export class CmsFormatError extends CoreError {
  override readonly name = 'CmsFormatError';

  constructor(message: string, cause?: unknown) {
    super(message, { code: 'ERR_CMS_FORMAT', cause });
  }
}

/** A signer handed back something that is not its signature over what it was asked to sign. */
export class SignatureMismatchError extends CoreError {
  override readonly name = 'SignatureMismatchError';

  constructor() {
    super('the signature does not verify with the certificate of its signer; nothing was written', {
      code: 'ERR_SIGNATURE_MISMATCH',
    });
  }
}
