import { LinkError, type Remedy } from '@jpki/iso7816';

/** Everything that can go wrong with readers and the PC/SC service. Stable; messages are not. */
export type PcscErrorCode =
  | 'ERR_PCSC_BINDING_MISSING'
  | 'ERR_PCSC_WORKER_THREAD'
  | 'ERR_PCSC_CLOSED'
  | 'ERR_PCSC_NO_SERVICE'
  | 'ERR_PCSC_NO_ACCESS'
  | 'ERR_PCSC_NO_READER'
  | 'ERR_PCSC_NO_CARD'
  | 'ERR_PCSC_SHARING_VIOLATION'
  | 'ERR_PCSC_UNRESPONSIVE_CARD'
  | 'ERR_PCSC_UNPOWERED_CARD'
  | 'ERR_PCSC_COMMUNICATION'
  | 'ERR_PCSC_PROTOCOL'
  | 'ERR_PCSC_TIMEOUT'
  | 'ERR_PCSC_UNSUPPORTED'
  | 'ERR_PCSC_INTERNAL';

/** What an error of the PC/SC layer is made of. */
export interface PcscErrorOptions {
  readonly code: PcscErrorCode;
  readonly remedy?: Remedy;
  /** Without it `false`. */
  readonly safeToRetry?: boolean;
  readonly scardCode?: number | undefined;
  readonly readerName?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The link to the card failed below the card: service, reader, connection. A card that was taken away is a
 * `CardRemovedError`, one that somebody else reset a `CardResetError`, both of `@jpki/iso7816`.
 */
export class PcscError extends LinkError {
  override readonly name = 'PcscError';
  declare readonly code: PcscErrorCode;
  /**
   * Whether a program may make the same call again by itself: nothing reached the card, and nothing was lost. Where it
   * is `false`, somebody must look at the card first, and a PIN may have been spent.
   */
  readonly safeToRetry: boolean;
  /** The service's own code, unsigned 32 bits, where a PC/SC call failed. */
  readonly scardCode: number | undefined;
  /** The reader it happened with, where there was one. */
  readonly readerName: string | undefined;

  constructor(message: string, options: PcscErrorOptions) {
    super(message, options);
    this.safeToRetry = options.safeToRetry ?? false;
    this.scardCode = options.scardCode;
    this.readerName = options.readerName;
  }
}
