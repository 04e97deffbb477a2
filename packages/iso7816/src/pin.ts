/** What reference data (ISO's word for a PIN or password) must look like before it may go to a card. */
export interface PinFormat {
  /** Fewest bytes. */
  readonly minLength: number;
  /** Most bytes. */
  readonly maxLength: number;
  /** `digits`: 0–9. `upper-alphanumeric`: A–Z and 0–9; ASCII a–z are folded by {@link Pin.foldCase}. */
  readonly characters: 'digits' | 'upper-alphanumeric';
  /** Whether at least one letter and one digit must be in it; asked of new PINs only. */
  readonly mixed?: boolean;
}

/** The rule of a {@link PinFormat} that a PIN breaks; never the PIN itself. */
export type PinFormatViolation = 'empty' | 'too-short' | 'too-long' | 'character' | 'not-mixed';

const HIDDEN = '[PIN]';

let take: (pin: Pin) => Uint8Array<ArrayBuffer>;

/**
 * A PIN on its one way to the card. The bytes live in a private, unpooled buffer; no method shows them, and
 * printing, JSON and structured cloning yield a constant. It is **single-use**: the command that sends it takes
 * the bytes, and they are overwritten whatever the card answers.
 *
 * Overwriting narrows the time in which a memory dump shows the PIN; it is no promise that no copy exists
 * (the garbage collector may have moved the buffer, and a native driver keeps its own).
 */
export class Pin implements Disposable {
  #bytes: Uint8Array<ArrayBuffer> | undefined;

  static {
    take = (pin) => {
      const bytes = pin.#bytes;
      if (bytes === undefined) throw new TypeError('this PIN was already used; ask the person again');
      pin.#bytes = undefined;
      return bytes;
    };
    // What Node's `util.inspect` calls, by its registered name, so that browsers can load this file too.
    Object.defineProperty(Pin.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => HIDDEN });
  }

  private constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
  }

  /** Takes a PIN over from `source`, which is overwritten with zeros. */
  static fromBytes(source: Uint8Array): Pin {
    const bytes = new Uint8Array(source);
    source.fill(0);
    return new Pin(bytes);
  }

  /** Whether the bytes are gone: sent to a card, or wiped. */
  get used(): boolean {
    return this.#bytes === undefined;
  }

  /** The first rule of `format` that this PIN breaks, or `undefined` if it may be sent. */
  violation(format: PinFormat): PinFormatViolation | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined) throw new TypeError('this PIN was already used; ask the person again');
    if (bytes.length === 0) return 'empty';
    const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
    const isUpper = (byte: number) => byte >= 0x41 && byte <= 0x5a;
    const allowed = format.characters === 'digits' ? isDigit : (b: number) => isDigit(b) || isUpper(b);
    // Characters first: six full-width digits are 18 bytes, and "too long" would mislead the person.
    if (!bytes.every(allowed)) return 'character';
    if (bytes.length < format.minLength) return 'too-short';
    if (bytes.length > format.maxLength) return 'too-long';
    return format.mixed && (bytes.every(isDigit) || !bytes.some(isDigit)) ? 'not-mixed' : undefined;
  }

  /** Turns ASCII a–z into A–Z in place; returns whether anything changed, so that the person can be told. */
  foldCase(): boolean {
    let changed = false;
    this.#bytes?.forEach((byte, index, bytes) => {
      if (byte < 0x61 || byte > 0x7a) return;
      bytes[index] = byte - 0x20;
      changed = true;
    });
    return changed;
  }

  /** A second PIN of the same bytes, single-use like every one: for a secret that the card keeps in two places. */
  copy(): Pin {
    const bytes = this.#bytes;
    if (bytes === undefined) throw new TypeError('this PIN was already used; ask the person again');
    return new Pin(new Uint8Array(bytes));
  }

  /** Overwrites the bytes; the PIN cannot be used afterwards. */
  [Symbol.dispose](): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }
}

/** Takes the bytes out of a PIN, once. Internal to this package: only the commands that send a PIN may call it. */
export function takePinBytes(pin: Pin): Uint8Array<ArrayBuffer> {
  return take(pin);
}
