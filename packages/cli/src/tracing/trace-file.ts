import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../error-code.ts';
import { FileError } from '../errors.ts';

/** For the owner alone, like everything this program writes about a card. */
const MODE = 0o600;

/** How every trace begins. */
const BEGINNING = '#! apdu-trace';

/**
 * A file that grows line by line, so that it tells what was sent also when the program, or the machine, ends in the
 * middle. Each line is written before the command in it goes to the card.
 */
export class TraceFile {
  readonly path: string;
  readonly #descriptor: number;
  /** Where it is until the first line, when an earlier trace is to be replaced. */
  #temporary: string | undefined;
  /** Bytes of whole lines. */
  #length = 0;
  #isOpen = true;

  private constructor(path: string, descriptor: number, temporary: string | undefined) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#temporary = temporary;
  }

  /**
   * Makes the file, before a card is touched.
   *
   * @throws {FileError} ERR_FILE_EXISTS when there is one and `replace` is false; ERR_FILE_WRITE, also for `replace` of
   * what is no trace: `--force` is meant for the trace of the run before, never for the document that is signed.
   */
  static create(path: string, { replace }: { readonly replace: boolean }): TraceFile {
    const temporary = replace && isEarlierTrace(path) ? temporaryBeside(path) : undefined;
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    try {
      return new TraceFile(path, openSync(temporary ?? path, flags, MODE), temporary);
    } catch (cause) {
      throw new FileError(codeOf(cause) === 'EEXIST' ? 'ERR_FILE_EXISTS' : 'ERR_FILE_WRITE', path, cause);
    }
  }

  /** Writes to the end of the file. @throws {FileError} ERR_FILE_WRITE, for example when the disk is full. */
  write(text: string): void {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
      this.#length += bytes.length;
      if (this.#temporary !== undefined) renameSync(this.#temporary, this.path);
    } catch (cause) {
      this.#dropHalfLine();
      throw new FileError('ERR_FILE_WRITE', this.path, cause);
    }
    this.#temporary = undefined;
  }

  /** What a full disk left of the last line would make the rest unreadable. */
  #dropHalfLine(): void {
    try {
      ftruncateSync(this.#descriptor, this.#length);
    } catch {
      // Then it stays; the person is told that the trace breaks off.
    }
  }

  /** Closes it; one in which nothing was written is removed, and what it was to replace stays. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      closeSync(this.#descriptor);
      if (this.#length === 0) unlinkSync(this.#temporary ?? this.path);
    } catch (cause) {
      throw new FileError('ERR_FILE_WRITE', this.path, cause);
    }
  }
}

function isEarlierTrace(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (stats.isFile() && (stats.size === 0 || beginning(path) === BEGINNING)) return true;
  throw new FileError('ERR_FILE_WRITE', path, 'not a trace');
}

function beginning(path: string): string {
  const bytes = Buffer.alloc(BEGINNING.length);
  try {
    const descriptor = openSync(path, 'r');
    try {
      readSync(descriptor, bytes);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new FileError('ERR_FILE_WRITE', path, cause);
  }
  return bytes.toString('latin1');
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}
