import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type ByteSource, digestContent } from '@jpki/core/cms';
import { FileError } from './errors.ts';

/**
 * A file, read in pieces as often as needed with constant memory. It is held open, so that another file put in its
 * place is never mistaken for it.
 */
export class FileSource implements ByteSource, Disposable {
  readonly path: string;
  /** Size in bytes when it was opened. */
  readonly length: number;
  readonly #descriptor: number;
  readonly #opened: BigIntStats;
  #window = new Uint8Array();

  private constructor(path: string, descriptor: number, opened: BigIntStats) {
    this.path = path;
    this.length = Number(opened.size);
    this.#descriptor = descriptor;
    this.#opened = opened;
  }

  /** @throws {FileError} ERR_FILE_READ when `path` cannot be read or is no regular file. */
  static open(path: string): FileSource {
    const descriptor = attempt(path, () => openSync(path, OPEN_FLAGS));
    const stats = fstatSync(descriptor, { bigint: true });
    if (stats.isFile()) return new FileSource(path, descriptor, stats);
    closeSync(descriptor);
    throw new FileError('ERR_FILE_READ', path, stats.isDirectory() ? 'EISDIR' : 'not a regular file');
  }

  /**
   * Bytes from `offset` on, overwritten by the next call.
   *
   * @throws {FileError} ERR_FILE_CHANGED when the file has become shorter; ERR_FILE_READ.
   */
  read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.length - offset));
    if (this.#window.length < wanted) this.#window = new Uint8Array(wanted);
    for (let at = 0; at < wanted; ) {
      const into = [this.#descriptor, this.#window, at, wanted - at, offset + at] as const;
      const bytes = attempt(this.path, () => readSync(...into));
      if (bytes === 0) throw new FileError('ERR_FILE_CHANGED', this.path);
      at += bytes;
    }
    return this.#window.subarray(0, wanted);
  }

  /** SHA-256 of the content, 32 bytes. */
  async sha256(signal?: AbortSignal): Promise<Uint8Array> {
    const digests = await digestContent(this, ['sha256'], { signal });
    const digest = digests.get('sha256');
    if (digest === undefined) throw new TypeError('no digest was computed');
    return digest;
  }

  /** @throws {FileError} ERR_FILE_CHANGED when size or time of change are not those of the moment it was opened. */
  assertUntouched(): void {
    const now = fstatSync(this.#descriptor, { bigint: true });
    if (now.size !== this.#opened.size || now.mtimeNs !== this.#opened.mtimeNs) {
      throw new FileError('ERR_FILE_CHANGED', this.path);
    }
  }

  /** @throws {FileError} ERR_FILE_CHANGED when size, time of change or content differ from what was hashed. */
  async assertUnchanged(sha256: Uint8Array, signal?: AbortSignal): Promise<void> {
    this.assertUntouched();
    // A write within the clock's grain leaves size and time alone; only the content tells.
    const same = Buffer.compare(await this.sha256(signal), sha256) === 0;
    if (!same) throw new FileError('ERR_FILE_CHANGED', this.path);
  }

  /** Whether `stats` are those of this very file, by whatever name it was reached. */
  isFile(stats: BigIntStats): boolean {
    return stats.dev === this.#opened.dev && stats.ino === this.#opened.ino;
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

/** Non-blocking: opening a pipe that nobody writes to would wait for ever. (Windows has no such flag.) */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new FileError('ERR_FILE_READ', path, cause);
  }
}

/** Reads a small file whole. @throws {FileError} when it cannot be read or has more than `maxBytes` bytes. */
export function readSmallFile(path: string, maxBytes: number): Uint8Array {
  const source = FileSource.open(path);
  try {
    if (source.length > maxBytes) throw new FileError('ERR_FILE_FORMAT', path, `more than ${maxBytes} bytes`);
    return source.read(0, source.length);
  } finally {
    source[Symbol.dispose]();
  }
}
