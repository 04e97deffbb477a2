import { PinRepeatedError } from './errors.ts';

/** HMAC with SHA-256, in WebCrypto so that browsers load this file too. */
const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

/** One key for the process, never shown: what it marks can be recognised here and guessed nowhere. */
let processKey: Promise<CryptoKey> | undefined;

type CryptoKey = Awaited<ReturnType<typeof globalThis.crypto.subtle.importKey>>;

/**
 * The PINs this card refused, recognisable but not readable: sending one of them again could only burn a try
 * (security.md (c) 12). Kept in memory only and as long as the card is; a stored hash of four digits would be open.
 */
export class RefusedPins {
  readonly #marks = new Set<string>();

  /**
   * A mark for a PIN at the place it is for, e.g. application and EF.
   *
   * @throws {PinRepeatedError} when the card refused this PIN there before.
   */
  async check(place: string, pin: Uint8Array<ArrayBuffer>): Promise<string> {
    processKey ??= makeKey();
    const digest = await globalThis.crypto.subtle.sign('HMAC', await processKey, pin);
    const mark = `${place}:${new Uint8Array(digest).join()}`;
    if (this.#marks.has(mark)) throw new PinRepeatedError();
    return mark;
  }

  /** Remembers that the card refused the PIN of this mark. */
  remember(mark: string): void {
    this.#marks.add(mark);
  }

  /** Forgets what was refused at a place: its PIN was changed, perhaps to one of them. */
  forget(place: string): void {
    for (const mark of this.#marks) if (mark.startsWith(`${place}:`)) this.#marks.delete(mark);
  }
}

async function makeKey(): Promise<CryptoKey> {
  const { subtle } = globalThis.crypto;
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(32));
  return subtle.importKey('raw', bytes, HMAC, false, ['sign']);
}
