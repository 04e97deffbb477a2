import { CardResetError } from '../src/errors.ts';
import { type Answer, FakeChannel } from './fake-channel.ts';

/**
 * A channel whose card somebody else resets before the given commands (counted from 0, repetitions too). As over PC/SC,
 * nothing reaches the card from then on until the channel is recovered.
 */
export class ResettableChannel extends FakeChannel {
  recoveries = 0;
  /** What goes wrong with the next recoveries, oldest first. */
  readonly failedRecoveries: Error[] = [];
  readonly #resets: Set<number>;
  #count = 0;
  #reset = false;

  constructor(answer: Answer, ...resetsBefore: readonly number[]) {
    super(answer);
    this.#resets = new Set(resetsBefore);
  }

  override async transmit(command: Uint8Array): Promise<Uint8Array> {
    if (this.#resets.delete(this.#count++)) this.#reset = true;
    if (this.#reset) throw new CardResetError();
    return super.transmit(command);
  }

  async recover(): Promise<void> {
    this.recoveries++;
    const failure = this.failedRecoveries.shift();
    if (failure) throw failure;
    this.#reset = false;
  }
}
