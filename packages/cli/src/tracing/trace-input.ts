import { type ImportOptions, importTrace, parseTrace, type Trace } from '@jpki/trace';
import { readBounded } from '../apdu/script-text.ts';
import { codeOf } from '../error-code.ts';
import { CliError, FileError } from '../errors.ts';

/** A `-` among the arguments, and what yargs (18.2) makes of it. */
const STDIN: readonly string[] = ['-', ''];

/** Largest trace or log, bytes: an import takes as many characters. */
const MAX_TEXT = 64 * 1024 * 1024;

/** How a trace begins; every other text may be the log of another program. */
const TRACE_LINE = /^\uFEFF?#! *apdu-trace/;

/**
 * Reads a trace from a file, or from stdin for `-`.
 *
 * @throws {CliError} ERR_TRACE_FORMAT for what is none; {@link FileError} ERR_FILE_READ; `signal.reason`.
 */
export async function readTrace(path: string, signal: AbortSignal): Promise<Trace> {
  return parsed(path, await readText(path, signal));
}

/**
 * The same, and logs of other programs as well.
 *
 * @throws {CliError} ERR_TRACE_FORMAT, ERR_TRACE_IMPORT; {@link FileError} ERR_FILE_READ; `signal.reason`.
 */
export async function readTraceOrLog(path: string, signal: AbortSignal): Promise<Trace> {
  const text = await readText(path, signal);
  return TRACE_LINE.test(text) ? parsed(path, text) : imported(path, text, {});
}

/** Reads the log of another program. @throws as {@link readTraceOrLog} does. */
export async function readLog(path: string, options: ImportOptions, signal: AbortSignal): Promise<Trace> {
  return imported(path, await readText(path, signal), options);
}

async function readText(path: string, signal: AbortSignal): Promise<string> {
  try {
    return decoded(await readBounded(STDIN.includes(path) ? '-' : path, MAX_TEXT, signal));
  } catch (error) {
    if (!(error instanceof FileError) || error.facts.reason !== 'EFBIG') throw error;
    const reason = `more than ${MAX_TEXT / 1024 / 1024} MB; cut out the part that matters`;
    throw new CliError(
      'ERR_TRACE_FORMAT',
      'check-file',
      { subject: error.facts.subject ?? path, reason },
      error,
    );
  }
}

/** Text by its byte order mark: what Windows PowerShell puts into a file with `>` is UTF-16. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8');
}

function parsed(path: string, text: string): Trace {
  return named(path, 'ERR_TRACE_FORMAT', () => parseTrace(text));
}

function imported(path: string, text: string, options: ImportOptions): Trace {
  return named(path, 'ERR_TRACE_IMPORT', () => importTrace(text, options));
}

/** What `read` throws, with the name of the file. */
function named(path: string, code: string, read: () => Trace): Trace {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error) || codeOf(error) !== code) throw error;
    const subject = STDIN.includes(path) ? 'stdin' : path;
    throw new CliError(code, 'check-file', { subject, reason: error.message }, error);
  }
}
