import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import type { AddonLoader } from '../addon-loader.ts';
import { ScardFailure } from '../binding.ts';
import { PcscError } from '../errors.ts';

/** What `require('pcsclite')` gives, as far as it is used here (pcsclite 1.0.1, read in its source). */
export type PcscliteAddon = () => PcscliteContext;

/** Emits `reader` for each new reader and `error`; connects to the service in its constructor, or throws. */
export interface PcscliteContext {
  /** Called by the addon itself on the next tick; its callback gets the list of readers, even an empty one. */
  start(callback: (error: unknown, names: unknown) => void): void;
  close(): unknown;
  on(event: 'reader', listener: (reader: PcscliteReader) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** One reader, and at the same time the one card connection that can be made through this object. */
export interface PcscliteReader {
  readonly name: string;
  connected: boolean;
  get_status(callback: (error: unknown, state: unknown, atr: unknown) => void): void;
  connect(
    options: { readonly share_mode: number; readonly protocol: number },
    callback: (error: unknown, protocol?: unknown) => void,
  ): void;
  disconnect(disposition: number, callback: (error: unknown) => void): void;
  transmit(
    command: Buffer,
    responseLength: number,
    protocol: number,
    callback: (error: unknown, response?: unknown) => void,
  ): void;
  control(
    input: Buffer,
    code: number,
    responseLength: number,
    callback: (error: unknown, response?: unknown) => void,
  ): void;
  close(): unknown;
  on(
    event: 'status',
    listener: (status: { readonly state: number; readonly atr?: Uint8Array }) => void,
  ): unknown;
  on(event: 'error' | 'end', listener: (error?: unknown) => void): unknown;
}

const requireAddon: AddonLoader = () => createRequire(import.meta.url)('pcsclite');

/**
 * Loads the addon. It is an optional dependency: it may be absent, not compiled, or made for another Node.
 *
 * @throws {PcscError} with `ERR_PCSC_BINDING_MISSING` and one line that says which of these it is; with
 *   `ERR_PCSC_WORKER_THREAD` outside the main thread, where loading it would abort the whole process.
 */
export function loadPcscliteAddon(load: AddonLoader = requireAddon): PcscliteAddon {
  if (!isMainThread) {
    throw new PcscError('the PC/SC addon pcsclite works in the main thread only; use readers from there', {
      code: 'ERR_PCSC_WORKER_THREAD',
    });
  }
  try {
    const addon = load();
    if (typeof addon !== 'function') throw new Error('it is not the addon that was expected');
    return addon as PcscliteAddon;
  } catch (error) {
    throw new PcscError(`the PC/SC addon ${whyNotLoaded(error)}`, {
      code: 'ERR_PCSC_BINDING_MISSING',
      remedy: 'install-driver',
      cause: error,
    });
  }
}

/** One line, whatever the loader printed: the search for a compiled file alone tells thirteen paths. */
function whyNotLoaded(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'MODULE_NOT_FOUND' && /'pcsclite'/.test(message)) return 'pcsclite is not installed';
  if (/bindings file/i.test(message)) {
    return 'pcsclite is not compiled (it needs a C++ compiler and libpcsclite-dev, then `npm rebuild pcsclite`)';
  }
  return `pcsclite cannot be loaded: ${message.split('\n')[0]}`;
}

/** The addon tells the SCARD code only in its text: "SCardConnect error: Sharing violation.(0x8010000b)". */
const CODE_IN_TEXT = /^(\S+)?.*\(0x[0-9a-f]*?([0-9a-f]{8})\)/is;

/** The failure behind an error of the addon; an error without a code comes back as it is. */
export function failureFrom(error: unknown): unknown {
  const [, call, code] = CODE_IN_TEXT.exec(error instanceof Error ? error.message : String(error)) ?? [];
  return code === undefined ? error : new ScardFailure(Number.parseInt(code, 16), call ?? 'PC/SC', error);
}
