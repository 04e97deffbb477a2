import { writeSync } from 'node:fs';
import { codeOf } from './error-code.ts';
import { FileError } from './errors.ts';

/** Where bytes go: a file descriptor of this process, or a list in tests. */
export type Write = (descriptor: 1 | 2, bytes: Uint8Array) => void;

/**
 * The two voices of the command: stdout carries data, stderr carries text for people. With `--json` there is one
 * document on stdout and nothing else.
 */
export class Output {
  readonly json: boolean;
  /** Documents come one in a line, as long as the command runs; an error too. */
  streaming = false;
  readonly #write: Write;

  constructor(options: { readonly json: boolean; readonly write?: Write }) {
    this.json = options.json;
    this.#write = options.write ?? writeAll;
  }

  /** The JSON document of the command; call it once, unless it is {@link streaming}. */
  document(value: unknown): void {
    this.#write(1, Buffer.from(`${JSON.stringify(value, null, this.streaming ? undefined : 2)}\n`));
  }

  /** One line of data for people who did not ask for JSON. */
  line(text: string): void {
    this.#write(1, Buffer.from(`${printable(text)}\n`));
  }

  /** Data that is not text, or text that is passed on byte by byte (DER, PEM). */
  bytes(data: Uint8Array): void {
    this.#write(1, data);
  }

  /** One line to the person. */
  say(text: string): void {
    this.#write(2, Buffer.from(`${printable(text)}\n`));
  }
}

/**
 * Text that cannot move the cursor, recolour or reorder a terminal: file names and the names in a certificate were
 * chosen by others. Control characters and the directional ones (Unicode UAX #9, 2) become U+FFFD.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\n' || character === '\t' ? character : '\ufffd',
  );
}

/** Writes to the end, also where the other side of a pipe is slow and the descriptor is non-blocking. */
function writeAll(descriptor: 1 | 2, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = codeOf(error);
      // The reader has gone (`jpki … | head`), or stderr cannot be written: nobody is left to tell.
      if (code === 'EPIPE' || (descriptor === 2 && code !== 'EAGAIN')) return;
      if (code !== 'EAGAIN') throw new FileError('ERR_FILE_WRITE', 'stdout', error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
