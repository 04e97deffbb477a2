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
    this.#write(1, Buffer.from(`${harmlessJson(value, this.streaming ? undefined : 2)}\n`));
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
 * What a terminal may take for an order: control characters, the directional ones (Unicode UAX #9, 2), and the separators
 * of lines and paragraphs.
 */
const ORDERS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Text that cannot move the cursor, recolour or reorder a terminal: file names and the names in a certificate were
 * chosen by others. What could becomes U+FFFD.
 */
export function printable(text: string): string {
  return text.replace(ORDERS, (character) =>
    character === '\n' || character === '\t' ? character : '\ufffd',
  );
}

/** A name that others chose, within a line of ours: it cannot begin a line of its own, which would look like ours too. */
export function oneLine(name: string): string {
  return name.replace(ORDERS, '\ufffd');
}

/** JSON that does nothing to a terminal either: what JSON leaves as it is (DEL, C1, directions) is escaped, and means the same. */
function harmlessJson(value: unknown, indent: number | undefined): string {
  return JSON.stringify(value, null, indent).replace(ORDERS, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
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
