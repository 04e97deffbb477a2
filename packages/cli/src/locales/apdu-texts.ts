import type { Mistake } from '../apdu/statement.ts';

/** Words of `jpki apdu`. */
export interface ApduTexts {
  readonly line: (number: number) => string;
  readonly argument: (number: number) => string;
  /** A trace was given as a script. */
  readonly isTrace: string;
  /** An argument ends within an APDU, as if its blanks were not quoted. */
  readonly unquoted: string;
  readonly mistakes: Readonly<Record<Mistake, string>>;
  /** `word` is the status word with its meaning. */
  readonly unexpected: (word: string, expected: string) => string;
  /** Nobody may be asked, and there is no APDU. */
  readonly nothingToSend: string;
  /** Answer to the question for them. */
  readonly triesLeft: (triesLeft: number) => string;
  readonly bytes: (length: number) => string;
  /** First lines of the shell. */
  readonly welcome: (reader: string, isShared: boolean) => readonly string[];
  readonly help: readonly string[];
  readonly interruptHint: string;
}
