import type { EventEntry, Holder, MaskedBytes, ResponseEntry, TraceEntry } from '../model.ts';
import { Redactor } from '../redact/redact.ts';

/** Turns what happens into entries. Commands and responses come with every byte, and go out without. */
export interface ExchangeLog {
  /** A command, before it is sent. */
  command(bytes: Uint8Array): void;
  response(bytes: Uint8Array, milliseconds: number | undefined): void | Promise<void>;
  /** Something happened to the card, and what was selected is lost. */
  event(event: EventEntry): void;
  /** What is selected is not known any more. */
  forget(): void;
  /** Everything else, which is not redacted. */
  entry(entry: TraceEntry): void;
  /** Nothing more comes. */
  end(): void;
}

/** Writes every entry at once, redacted. */
export class RedactedLog implements ExchangeLog {
  readonly #write: (entry: TraceEntry) => void;
  readonly #redactor: Redactor;

  constructor(write: (entry: TraceEntry) => void, holder: Holder) {
    this.#write = write;
    this.#redactor = new Redactor({ holder });
  }

  command(bytes: Uint8Array): void {
    this.#write({ type: 'command', bytes: this.#redactor.command(bytes) });
  }

  response(bytes: Uint8Array, milliseconds: number | undefined): void {
    this.#write(responseEntry(this.#redactor.response(bytes), milliseconds));
  }

  event(event: EventEntry): void {
    this.#redactor.reset();
    this.#write(event);
  }

  forget(): void {
    this.#redactor.reset();
  }

  entry(entry: TraceEntry): void {
    this.#write(entry);
  }

  end(): void {}
}

/** A response with or without its duration. */
export function responseEntry(bytes: MaskedBytes, milliseconds: number | undefined): ResponseEntry {
  return { type: 'response', bytes, ...(milliseconds !== undefined && { milliseconds }) };
}
