import { Pin } from '@jpki/iso7816';

const HIDDEN = '[個人番号]';

/**
 * A 個人番号 (Individual Number, "My Number"): 12 digits that the law lets nobody collect or keep outside listed purposes
 * (番号法 19, 20). Printing, JSON and `inspect` yield a constant; the digits come out of {@link SecretDigits.reveal} only.
 */
export class SecretDigits {
  readonly #digits: string;

  static {
    // What Node's `util.inspect` calls, by its registered name.
    Object.defineProperty(SecretDigits.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value: () => HIDDEN,
    });
  }

  constructor(digits: string) {
    this.#digits = digits;
  }

  /** The digits themselves, for a purpose the caller answers for. */
  reveal(): string {
    return this.#digits;
  }

  /** The same digits as 照合番号A (verification number A), which they are. */
  toPin(): Pin {
    return Pin.fromBytes(Buffer.from(this.#digits, 'latin1'));
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }
}
