import type { CardChannel } from '../src/channel.ts';
import { fromHex, toHex } from '../src/hex.ts';

/** What the card says to the `index`-th command, in hexadecimal; an error is a link that fails. */
export type Answer = (command: string, index: number) => string | Error | Promise<string>;

/** A card made of one function. It keeps what was sent, and fails when two commands are under way at once. */
export class FakeChannel implements CardChannel {
  readonly atr: Uint8Array = fromHex('3B00');
  /** Every command, as hexadecimal, at the moment it was sent. */
  readonly sent: string[] = [];
  /** The very buffers that were handed over, to see what became of them. */
  readonly buffers: Uint8Array[] = [];
  closed = 0;
  readonly #answer: Answer;
  #busy = false;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    if (this.#busy) throw new Error('two commands at once');
    this.#busy = true;
    this.buffers.push(command);
    this.sent.push(toHex(command));
    try {
      const answer = await this.#answer(toHex(command), this.sent.length - 1);
      if (answer instanceof Error) throw answer;
      return fromHex(answer);
    } finally {
      this.#busy = false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed++;
  }
}

/** A channel that gives these answers in order, and an error when there are no more. */
export function answering(...answers: readonly (string | Error)[]): FakeChannel {
  return new FakeChannel((_, index) => answers[index] ?? new Error('the script is at its end'));
}
