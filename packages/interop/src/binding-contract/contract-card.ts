import { encodeResponse } from '@jpki/iso7816';

/** The card of the contract, as the suite sees it. */
export interface ContractCard {
  readonly atr: Uint8Array;
  /** The commands that came, as they came. */
  readonly commands: readonly Uint8Array[];
  readonly inserted: boolean;
  /** Puts it into the first reader; resolves at once, the service may notice later. */
  insert(): Promise<void>;
  remove(): void;
}

/** What happens to a card's power: `on`, `off`, `reset`. */
export type PowerLog = readonly string[];

/** GET DATA: the answer has this many bytes, status word and all. */
export function answerOf(length: number): Uint8Array {
  const dataLength = length - 2;
  return Uint8Array.of(0, 0xca, 0, 0, 3, dataLength >> 16, (dataLength >> 8) & 0xff, dataLength & 0xff, 0);
}

/** The bytes that {@link answerOf} is answered with. */
export function expectedAnswer(length: number): Uint8Array {
  return encodeResponse(
    0x9000,
    Uint8Array.from({ length: length - 2 }, (_, index) => index & 0xff),
  );
}

/** Takes the card away instead of an answer. */
export const REMOVES: Uint8Array = Uint8Array.of(0, 0xff, 0, 0);

/** Takes {@link SLOW_MILLISECONDS}. */
export const SLOW: Uint8Array = Uint8Array.of(0, 0xee, 0, 0);
export const SLOW_MILLISECONDS = 400;

/** VERIFY with an invented PIN, and the question whether it is verified: 9000 or 63C3. */
export const VERIFY: Uint8Array = Uint8Array.of(0, 0x20, 0, 0x80, 4, 0x30, 0x31, 0x32, 0x33);
export const ASK: Uint8Array = Uint8Array.of(0, 0x20, 0, 0x80);
export const VERIFIED: Uint8Array = Uint8Array.of(0x90, 0x00);
export const NOT_VERIFIED: Uint8Array = Uint8Array.of(0x63, 0xc3);

/** Answers of the contract's card. Its PIN is forgotten when the card is reset or loses its power. */
export class ContractAnswers {
  readonly #power: () => PowerLog;
  #verifiedAt: number | undefined;

  /** @param power what happened to the card's power so far. */
  constructor(power: () => PowerLog) {
    this.#power = power;
  }

  async answer(command: Uint8Array): Promise<Uint8Array | 'remove'> {
    const [, ins, , , lc, high = 0, middle = 0, low = 0] = command;
    if (ins === 0xff) return 'remove';
    if (ins === 0xee) await new Promise((resolve) => setTimeout(resolve, SLOW_MILLISECONDS));
    if (ins === 0xca) return expectedAnswer(((high << 16) | (middle << 8) | low) + 2);
    if (ins !== 0x20) return encodeResponse(0x9000);
    if (lc !== undefined) this.#verifiedAt = this.#power().length;
    return this.#isVerified() ? VERIFIED : NOT_VERIFIED;
  }

  #isVerified(): boolean {
    if (this.#verifiedAt === undefined) return false;
    const since = this.#power().slice(this.#verifiedAt);
    return !since.includes('off') && !since.includes('reset');
  }
}
