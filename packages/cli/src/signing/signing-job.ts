import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AtomicFile } from '../atomic-file.ts';
import { FileError, NotInThisVersionError, UsageError } from '../errors.ts';
import { FileSource } from '../file-source.ts';
import { defaultFormat, type SignatureFormat } from './document-kind.ts';

/** What becomes of a document: a signature beside it, one around it, or the bare RSA block. */
export type SignatureForm = 'detached' | 'attached' | 'raw';

const SUFFIX: Readonly<Record<SignatureForm, string>> = { detached: '.p7s', attached: '.p7m', raw: '.sig' };

/** One document to sign: everything that can fail has been tried before a PIN is asked. */
export interface SigningJob {
  readonly source: FileSource;
  readonly form: SignatureForm;
  /** SHA-256 of the document, 32 bytes. */
  readonly sha256: Uint8Array;
  readonly output: AtomicFile;
}

export interface SigningRequest {
  readonly files: readonly string[];
  /** A file, or a folder when there are several files. */
  readonly output: string | undefined;
  readonly format: SignatureFormat | undefined;
  readonly detached: boolean;
  readonly force: boolean;
}

/** The documents of one command; disposing removes the outputs that were not committed. */
export class SigningJobs implements AsyncDisposable {
  readonly jobs: SigningJob[] = [];
  readonly #sources: FileSource[] = [];
  readonly #outputs: AtomicFile[] = [];

  /**
   * Opens and hashes the documents and makes room for the outputs.
   *
   * @throws {NotInThisVersionError} for a format of a later version; {@link FileError}; {@link UsageError}.
   */
  static async prepare(request: SigningRequest, signal: AbortSignal): Promise<SigningJobs> {
    const all = new SigningJobs();
    try {
      const sources = request.files.map((file) => all.#opened(file));
      const forms = sources.map((source) => formOf(source, request));
      const paths = sources.map((source, index) => outputPath(source, forms[index] ?? 'attached', request));
      assertDistinct(paths, sources);
      for (const [index, source] of sources.entries()) {
        const output = await AtomicFile.create(paths[index] ?? '', { replace: request.force });
        all.#outputs.push(output);
        all.jobs.push({
          source,
          output,
          form: forms[index] ?? 'attached',
          sha256: await source.sha256(signal),
        });
      }
      return all;
    } catch (error) {
      await all[Symbol.asyncDispose]();
      throw error;
    }
  }

  #opened(file: string): FileSource {
    const source = FileSource.open(file);
    this.#sources.push(source);
    return source;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const source of this.#sources) source[Symbol.dispose]();
    for (const output of this.#outputs) await output[Symbol.asyncDispose]();
  }
}

function formOf(source: FileSource, { format, detached }: SigningRequest): SignatureForm {
  const chosen = format ?? defaultFormat(source);
  if (chosen === 'raw') return 'raw';
  if (chosen !== 'cades') {
    throw new NotInThisVersionError(`--format ${chosen}`, format === undefined ? source.path : '');
  }
  return detached ? 'detached' : 'attached';
}

function outputPath(source: FileSource, form: SignatureForm, { files, output }: SigningRequest): string {
  const name = source.path + SUFFIX[form];
  if (output === undefined) return name;
  if (statSync(output, { throwIfNoEntry: false })?.isDirectory()) return join(output, basename(name));
  // Several signatures need a folder, and one that is not there is more likely a slip than a wish.
  if (files.length > 1)
    throw new FileError('ERR_FILE_WRITE', output, existsSync(output) ? 'ENOTDIR' : 'ENOENT');
  return output;
}

/** Two results under one name, or a result over a document, would destroy one of them; not even --force means that. */
function assertDistinct(paths: readonly string[], sources: readonly FileSource[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats !== undefined && sources.some((source) => source.isFile(stats))) {
      throw new FileError('ERR_FILE_IS_DOCUMENT', path);
    }
    if (seen.has(resolve(path))) throw new UsageError(`-o: ${path} ×2`);
    seen.add(resolve(path));
  }
}
