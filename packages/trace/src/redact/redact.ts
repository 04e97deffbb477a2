import { createHmac, randomBytes } from 'node:crypto';
import { joinMasked, maskedLength, plainBytes } from '../masked-bytes.ts';
import type {
  EventEntry,
  GivenNonceEntry,
  GivenTimeEntry,
  HeadingEntry,
  Holder,
  MaskedBytes,
  NoteEntry,
  PlaceholderType,
  TraceEntry,
} from '../model.ts';
import type { Step } from '../steps/card-step.ts';
import { CardView } from '../steps/card-view.ts';
import { MARK_LENGTH } from '../text/grammar.ts';
import { redactCommand, withoutPin } from './redact-command.ts';
import { redactResponse } from './redact-response.ts';

/**
 * Fewer bytes get no mark: read one by one, or two, the digits of a number would be a cipher that anybody can solve, for
 * equal bytes have equal marks.
 */
const MIN_MARKED_LENGTH = 8;

/** How much may be seen. */
export interface RedactOptions {
  /**
   * Whose card it is. Of a `person`, only what is known to be public stays readable. Of an `invented` holder all does,
   * except what is typed or printed to open the card: PINs, passwords, 照合番号, and keys for secure messaging.
   */
  readonly holder: Holder;
}

/**
 * Turns commands and responses into what may be written down. It follows what is selected, so it wants every command
 * and every response, in order. What it returns shares no memory with what it was given.
 */
export class Redactor {
  readonly #holder: Holder;
  readonly #view = new CardView();
  /** Of this recording; never leaves the object, so that marks tell equal bytes within one trace and nothing else. */
  readonly #key = randomBytes(32);
  #step: Step | undefined;

  constructor(options: RedactOptions) {
    this.#holder = options.holder;
  }

  /** What the last command means; `undefined` after its response, and after a reset. */
  get step(): Step | undefined {
    return this.#step;
  }

  command(bytes: Uint8Array | MaskedBytes): MaskedBytes {
    // First without the PIN, then copied: a copy of a PIN would outlive the buffer that its owner wipes.
    const safe = joinMasked(withoutPin(bytes instanceof Uint8Array ? [bytes] : bytes));
    this.#step = this.#view.command(safe);
    return redactCommand(safe, this.#step, this.#holder, this.#mask);
  }

  response(bytes: Uint8Array | MaskedBytes): MaskedBytes {
    const whole = joinMasked(bytes instanceof Uint8Array ? [bytes] : bytes);
    const step = this.#step;
    // A second response would be one to another command.
    this.#step = undefined;
    this.#view.response(whole);
    return this.#holder === 'invented' ? whole : redactResponse(whole, step, this.#mask);
  }

  /** The card was reset, taken out, or another was put in. */
  reset(): void {
    this.#step = undefined;
    this.#view.reset();
  }

  readonly #mask = (type: PlaceholderType, bytes: MaskedBytes): MaskedBytes => {
    const plain = plainBytes(bytes);
    const length = maskedLength(bytes);
    if (plain === undefined || length < MIN_MARKED_LENGTH) return [{ type, length }];
    const mark = createHmac('sha256', this.#key).update(plain).digest();
    return [{ type, length, mark: new Uint8Array(mark.subarray(0, MARK_LENGTH)) }];
  };
}

/** A command or response as it passed, with every byte. */
export interface RawApduEntry {
  readonly type: 'command' | 'response';
  readonly bytes: Uint8Array;
  /** Milliseconds from command to response; of a response. */
  readonly milliseconds?: number;
  /** Number of its line in the text that it was read from, from 1. */
  readonly line?: number;
}

/** What an import reads: everything that a trace holds, before it is redacted. */
export type RawEntry =
  | RawApduEntry
  | EventEntry
  | HeadingEntry
  | NoteEntry
  | GivenTimeEntry
  | GivenNonceEntry;

/** The entries as they may be written down. Events are taken for a loss of everything that was selected. */
export function redacted(entries: Iterable<RawEntry>, options: RedactOptions): TraceEntry[] {
  const redactor = new Redactor(options);
  return Array.from(entries, (entry): TraceEntry => {
    switch (entry.type) {
      case 'command': {
        const { line } = entry;
        return { type: 'command', bytes: redactor.command(entry.bytes), ...(line !== undefined && { line }) };
      }
      case 'response': {
        const { type: _type, bytes, ...rest } = entry;
        return { ...rest, type: 'response', bytes: redactor.response(bytes) };
      }
      case 'event':
        redactor.reset();
        return entry;
      default:
        return entry;
    }
  });
}
