import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from './error-code.ts';
import { FileError } from './errors.ts';

/** For the owner alone: a signature carries the signer's name, address, birth date and sex (security.md T71). */
const MODE = 0o600;

/**
 * A file that appears whole or not at all. It is written under another name in the same folder and takes its name
 * at {@link AtomicFile.commit}; whatever ends the program before that leaves the target as it was.
 */
export class AtomicFile implements AsyncDisposable {
  readonly path: string;
  /** Where the bytes are until {@link AtomicFile.commit}; for reading them back. */
  readonly temporaryPath: string;
  readonly #handle: FileHandle;
  readonly #replace: boolean;
  #open = true;

  private constructor(path: string, temporary: string, handle: FileHandle, replace: boolean) {
    this.path = path;
    this.temporaryPath = temporary;
    this.#handle = handle;
    this.#replace = replace;
  }

  /**
   * Makes the temporary file, which proves that the folder takes files, before anybody is asked for a PIN.
   *
   * @throws {FileError} ERR_FILE_EXISTS when there is such a file and `replace` is false; ERR_FILE_WRITE.
   */
  static async create(path: string, options: { readonly replace: boolean }): Promise<AtomicFile> {
    const existing = await lstat(path).catch(() => undefined);
    if (existing?.isDirectory()) throw new FileError('ERR_FILE_WRITE', path, 'EISDIR');
    if (existing && !options.replace) throw new FileError('ERR_FILE_EXISTS', path);
    const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
    const handle = await open(temporary, flags, MODE).catch((cause: unknown) => {
      throw new FileError('ERR_FILE_WRITE', path, cause);
    });
    return new AtomicFile(path, temporary, handle, options.replace);
  }

  /** Appends bytes. @throws {FileError} ERR_FILE_WRITE, for example when the disk is full. */
  async write(bytes: Uint8Array): Promise<void> {
    let at = 0;
    while (at < bytes.length) {
      const { bytesWritten } = await this.#handle.write(bytes, at).catch(this.#failed);
      at += bytesWritten;
    }
  }

  /** Puts the finished file in its place. @throws {FileError} ERR_FILE_EXISTS when one has appeared meanwhile. */
  async commit(): Promise<void> {
    await this.#handle.sync().catch(this.#failed);
    await this.#handle.close().catch(this.#failed);
    this.#open = false;
    if (this.#replace) await rename(this.temporaryPath, this.path).catch(this.#failed);
    else await this.#placeAsNew();
  }

  /** `link` refuses an existing name in the same step, which `rename` does not. */
  async #placeAsNew(): Promise<void> {
    try {
      await link(this.temporaryPath, this.path);
    } catch (cause) {
      if (codeOf(cause) === 'EEXIST') throw new FileError('ERR_FILE_EXISTS', this.path, cause);
      // A file system without hard links (FAT, some network shares).
      await rename(this.temporaryPath, this.path).catch(this.#failed);
      return;
    }
    await unlink(this.temporaryPath).catch(() => undefined);
  }

  readonly #failed = (cause: unknown): never => {
    throw new FileError('ERR_FILE_WRITE', this.path, cause);
  };

  /** Removes what was not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) await this.#handle.close().catch(() => undefined);
    this.#open = false;
    await unlink(this.temporaryPath).catch(() => undefined);
  }
}
