import { Sw } from '@jpki/iso7816';
import { maskedLength, statusWordOf } from '../masked-bytes.ts';
import type { MaskedBytes } from '../model.ts';
import { Selection } from './card-selection.ts';
import type { Step } from './card-step.ts';
import { readMaskedCommand } from './masked-command.ts';
import { type Answered, meaningOf } from './step-meaning.ts';

/**
 * Follows an exchange and says what each command means: which application and file it concerns. Feed it every command
 * and every response in order. It believes the card's status words, and what may be otherwise is unknown to it.
 */
export class CardView {
  readonly #selection = new Selection();
  #step: Step | undefined;
  #answered: Answered | undefined;

  /** The next command; its meaning is settled before the answer. */
  command(bytes: MaskedBytes): Step {
    const step = this.#meaningOf(bytes);
    if (step.kind !== 'get-response') this.#answered = undefined;
    this.#selection.begin(step);
    this.#step = step;
    return step;
  }

  /** The answer to the command before. */
  response(bytes: MaskedBytes): void {
    const step = this.#step;
    this.#step = undefined;
    if (step === undefined) return;
    const length = maskedLength(bytes);
    const sw = statusWordOf(bytes);
    const at = step.kind === 'get-response' ? step.at : 0;
    const of = step.kind === 'get-response' ? step.of : step;
    // Only 61xx says that there is a rest; of anything else GET RESPONSE is an answer nobody knows.
    this.#answered = hasMore(sw) && of ? { of, at: at + length - 2 } : undefined;
    this.#selection.end(step, isDone(sw));
  }

  /** The card lost its power or was reset by somebody: nothing is known to be selected. */
  reset(): void {
    this.#step = undefined;
    this.#answered = undefined;
    this.#selection.forget();
  }

  #meaningOf(bytes: MaskedBytes): Step {
    const command = readMaskedCommand(bytes);
    if (command === undefined) return { kind: 'other', secured: false, chained: false };
    return meaningOf(command, this.#selection.place, this.#answered);
  }
}

/** 9000, or 61xx: done, and the answer can be fetched. */
function isDone(sw: number | undefined): boolean {
  return sw === Sw.OK || hasMore(sw);
}

function hasMore(sw: number | undefined): boolean {
  return sw !== undefined && sw >> 8 === 0x61;
}
