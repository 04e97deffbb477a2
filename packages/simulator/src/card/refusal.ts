import type { StatusWord } from '@jpki/iso7816';
import { wordOf } from '../variants/index.ts';

/** Ends a command with a status word and no data. It never leaves the card. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly sw: StatusWord;

  constructor(sw: StatusWord) {
    super(`status word ${sw.toString(16).toUpperCase()}`);
    this.sw = sw;
  }
}

/** Ends the command with a status word: a number, or the four digits of a variant's setting. */
export function refuse(sw: StatusWord | string): never {
  throw new Refusal(typeof sw === 'string' ? wordOf(sw) : sw);
}
