import { createReadStream } from 'node:fs';
import { FileError } from '../errors.ts';

/** Largest script, bytes. */
const MAX_SCRIPT = 16 * 1024 * 1024;

/**
 * The lines of a script in a file, or on stdin for `-`.
 *
 * @throws {FileError} ERR_FILE_READ, also for one of more than 16 MiB; `signal.reason`.
 */
export async function readScriptText(path: string, signal: AbortSignal): Promise<string[]> {
  const bytes = await readBounded(path, MAX_SCRIPT, signal);
  return bytes.toString('utf8').split(/\r?\n/);
}

/**
 * The bytes of a file, or of stdin for `-`.
 *
 * @throws {FileError} ERR_FILE_READ, also for more than `most` bytes; `signal.reason`.
 */
export async function readBounded(path: string, most: number, signal: AbortSignal): Promise<Buffer> {
  const name = path === '-' ? 'stdin' : path;
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const abort = () => stream.destroy();
  signal.addEventListener('abort', abort, { once: true });
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length > most) throw new FileError('ERR_FILE_READ', name, 'EFBIG');
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof FileError ? error : new FileError('ERR_FILE_READ', name, error);
  } finally {
    signal.removeEventListener('abort', abort);
  }
  signal.throwIfAborted();
  return Buffer.concat(chunks);
}
