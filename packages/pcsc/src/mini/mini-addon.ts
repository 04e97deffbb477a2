import { createRequire } from 'node:module';
import type { AddonLoader } from '../addon-loader.ts';
import { PcscError } from '../errors.ts';

/**
 * What pcsc-mini's compiled part gives, as far as it is used here (pcsc-mini 0.1.3, `build/addon.node.d.ts`, and
 * its source for what the types do not say). The package's own `Client` is passed over: it connects only through
 * readers that it watches, and one of its clients has room for four connections, of which a failed one stays taken.
 */
export interface MiniAddon {
  /** Makes a client without reaching the service. It must outlive every call and session that came from it. */
  newClient(): MiniClient;
}

/** A context of the service, or several: `connect` makes a new one for each session. */
export interface MiniClient {
  connect(readerName: string, mode: number, protocol?: number): Promise<MiniSession>;
  /**
   * Watches readers in a thread of its own. Reaches the service on the calling thread, and throws when it is not
   * there. `onChange` gets each reader once at the start and then each change; there is no event for "no readers".
   */
  start(
    onChange: (readerName: string, status: number, atr: Uint8Array) => void,
    onError: (error: unknown) => void,
  ): void;
  /** Waits for that thread to end. Throws when the service is gone. */
  stop(): void;
}

/**
 * A connected card. One call at a time: a second one throws `CardIsBusy`. Calls hold no reference to their input,
 * which another thread reads, and never let go of `output`.
 */
export interface MiniSession {
  attributeGet(id: number, output: ArrayBuffer): Promise<Uint8Array>;
  control(code: number, command: Uint8Array, output: ArrayBuffer): Promise<Uint8Array>;
  disconnect(disposition: number): Promise<void>;
  protocol(): number;
  reconnect(mode: number, disposition: number): Promise<number>;
  /** SCardStatus. */
  state(): Promise<{
    readonly readerName: string;
    readonly status: number;
    readonly protocol: number;
    readonly atr: Uint8Array;
  }>;
  transaction(): Promise<MiniTransaction>;
  transmit(protocol: number, command: Uint8Array, output: ArrayBuffer): Promise<Uint8Array>;
}

/** A transaction that was begun. */
export interface MiniTransaction {
  end(disposition: number): Promise<void>;
}

const requireAddon: AddonLoader = () => createRequire(import.meta.url)('pcsc-mini/build/addon.node.js');

/**
 * Loads the prebuilt addon. It is an optional dependency, and so is its file for this platform: either may be absent.
 *
 * @throws {PcscError} `ERR_PCSC_BINDING_MISSING` and one line that says what is missing.
 */
export function loadMiniAddon(load: AddonLoader = requireAddon): MiniAddon {
  try {
    const addon = load();
    if (!isMiniAddon(addon)) throw new Error('it is not the addon that was expected');
    return addon;
  } catch (error) {
    throw new PcscError(`the PC/SC addon ${whyNotLoaded(error)}`, {
      code: 'ERR_PCSC_BINDING_MISSING',
      remedy: 'install-driver',
      cause: error,
    });
  }
}

function isMiniAddon(addon: unknown): addon is MiniAddon {
  return (
    typeof addon === 'object' &&
    addon !== null &&
    'newClient' in addon &&
    typeof addon.newClient === 'function'
  );
}

/** One line of the loader's several: it first names the platform's package, and then why that did not load. */
function whyNotLoaded(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'MODULE_NOT_FOUND' && message.includes("'pcsc-mini/")) return 'pcsc-mini is not installed';
  const platform = /^Unsupported platform: (\S+)/.exec(message)?.[1];
  if (platform) return `pcsc-mini is not made for this platform (${platform})`;
  const [, file, reason = ''] = /not found \((\S+)\):\s*(?:Error: )?([^\n]*)/.exec(message) ?? [];
  if (file && /^Cannot find module/.test(reason))
    return `pcsc-mini lacks its file for this platform (${file})`;
  return `pcsc-mini cannot be loaded: ${file ? reason : message.split('\n')[0]}`;
}
