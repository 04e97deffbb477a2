import type { CardChannel } from '@jpki/iso7816';
import type { BindingCard, Disposition, ObservedReader, PcscBinding, ShareMode } from './binding.ts';
import { ScardFailure } from './binding.ts';
import { pause, within } from './deadline.ts';
import { PcscError } from './errors.ts';
import { PcscChannel } from './pcsc-channel.ts';
import { pcscliteBinding } from './pcsclite-binding.ts';
import { type ReaderEvent, type ReaderState, readerState } from './reader-events.ts';
import { ReaderMonitor } from './reader-monitor.ts';
import { watchReaders } from './reader-watch.ts';
import { SCARD_E_SHARING_VIOLATION } from './scard-conditions.ts';
import { pcscErrorFrom } from './scard-errors.ts';

/** Milliseconds to wait for an answer of the service, and for a card to be powered up. */
const DEFAULT_TIMEOUT = 10_000;

/** Milliseconds for one command; the slowest ones seen on a card (key use over NFC) end far below. */
const DEFAULT_TRANSMIT_TIMEOUT = 120_000;

/** A sharing violation must last this many milliseconds before it is reported (architecture.md 2.5). */
const SHARING_PATIENCE = 1_000;
const SHARING_RETRY_DELAY = 100;

/** The report of an insertion can come later than the connection to the inserted card; milliseconds to wait for it. */
const ATR_TIMEOUT = 1_000;

/** How the PC/SC service is reached. */
export interface OpenPcscOptions {
  /** Another way to PC/SC than the `pcsclite` addon. */
  readonly binding?: PcscBinding;
  readonly signal?: AbortSignal;
}

/** Limits of one call. */
export interface PcscCallOptions {
  /** Ends the wait at once, with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until `ERR_PCSC_TIMEOUT`; 10,000 without it. */
  readonly timeout?: number;
}

/** How a card is connected to. */
export interface ConnectOptions extends PcscCallOptions {
  /** `exclusive` without it: this binding has no transactions, and only then no other program can interfere. */
  readonly share?: ShareMode;
  /** What closing does to the card; `unpower` without it, the only way after which no PIN stays verified. */
  readonly disposition?: Disposition;
  /** Milliseconds a card may take for one command before it is given up; 120,000 without it. */
  readonly transmitTimeout?: number;
}

/**
 * Opens the way to PC/SC. Loads the addon; the service is reached with the first question.
 *
 * @throws {PcscError} `ERR_PCSC_BINDING_MISSING` where the addon is absent, not compiled or broken;
 *   `ERR_PCSC_WORKER_THREAD` outside the main thread.
 */
export async function openPcsc(options: OpenPcscOptions = {}): Promise<Pcsc> {
  options.signal?.throwIfAborted();
  return new Pcsc(options.binding ?? pcscliteBinding());
}

/** The readers of this machine. While it is open it may keep the process alive: close it. */
export class Pcsc implements AsyncDisposable {
  readonly #binding: PcscBinding;
  readonly #monitor: ReaderMonitor;
  readonly #channels: Set<PcscChannel> = new Set();
  readonly #closed: AbortController = new AbortController();
  #closing: Promise<void> | undefined;

  /** Use {@link openPcsc}. */
  constructor(binding: PcscBinding) {
    this.#binding = binding;
    this.#monitor = new ReaderMonitor(binding);
  }

  /** What the binding in use is called and can do. */
  get binding(): Pick<PcscBinding, 'name' | 'capabilities'> {
    return this.#binding;
  }

  /**
   * All readers, and whether a card is in them; empty when there is none. Sends nothing to a card.
   *
   * @throws {PcscError} `ERR_PCSC_NO_SERVICE` and others; `signal.reason` when aborted.
   */
  async readers(options: PcscCallOptions = {}): Promise<ReaderState[]> {
    return [...(await this.#observed(options)).values()].map(readerState);
  }

  /**
   * What happens to readers and cards: first what is there, then every change, until the signal aborts (then it
   * throws the signal's reason) or {@link close} is called (then it ends). It lives through restarts of the service.
   */
  watch(options: { readonly signal?: AbortSignal } = {}): AsyncIterable<ReaderEvent> {
    return watchReaders(this.#monitor, this.#closed.signal, options.signal);
  }

  /**
   * Connects to the card in the reader of this exact name.
   *
   * @throws {PcscError} `ERR_PCSC_NO_READER`, `ERR_PCSC_NO_CARD`, `ERR_PCSC_SHARING_VIOLATION` when another
   *   program kept the card for a second, `ERR_PCSC_TIMEOUT` and others; `signal.reason` when aborted.
   */
  async connect(readerName: string, options: ConnectOptions = {}): Promise<CardChannel> {
    const { signal, timeout = DEFAULT_TIMEOUT } = options;
    if (!(await this.#observed(options)).has(readerName)) {
      throw new PcscError(`there is no reader "${readerName}"`, {
        code: 'ERR_PCSC_NO_READER',
        remedy: 'connect-reader',
        readerName,
      });
    }
    const limits = { signal, timeout, subject: `reader "${readerName}"` };
    const card = await this.#connectPatiently(readerName, options.share ?? 'exclusive', limits);
    const channel = new PcscChannel(card, {
      readerName,
      atr: await this.#atrOf(readerName),
      disposition: options.disposition ?? 'unpower',
      transmitTimeout: options.transmitTimeout ?? DEFAULT_TRANSMIT_TIMEOUT,
      onClosed: () => this.#channels.delete(channel),
    });
    this.#channels.add(channel);
    if (this.#closing || signal?.aborted) {
      await channel[Symbol.asyncDispose]();
      signal?.throwIfAborted();
      throw closedError();
    }
    return channel;
  }

  /** Closes every card and stops watching; after it nothing here keeps the process alive. Idempotent, never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#closed.abort(closedError());
    await Promise.all([...this.#channels].map((channel) => channel[Symbol.asyncDispose]()));
    await this.#monitor.close();
  }

  async #observed(options: PcscCallOptions): Promise<ReadonlyMap<string, ObservedReader>> {
    const { signal, timeout = DEFAULT_TIMEOUT } = options;
    signal?.throwIfAborted();
    if (this.#closing) throw closedError();
    try {
      return await within(this.#monitor.start(), { signal, timeout, subject: 'the PC/SC service' });
    } catch (error) {
      throw pcscErrorFrom(error);
    }
  }

  /** Connects, and waits a second for another program that has the card. */
  async #connectPatiently(
    readerName: string,
    share: ShareMode,
    limits: Parameters<typeof within>[1],
  ): Promise<BindingCard> {
    const deadline = performance.now() + SHARING_PATIENCE;
    for (;;) {
      try {
        return await within(this.#binding.connect(readerName, share), limits, (card) => {
          card.disconnect('unpower').catch(() => undefined);
        });
      } catch (error) {
        const busy = error instanceof ScardFailure && error.scardCode === SCARD_E_SHARING_VIOLATION;
        if (!busy || performance.now() >= deadline) throw pcscErrorFrom(error, readerName);
        await pause(SHARING_RETRY_DELAY, limits.signal);
      }
    }
  }

  async #atrOf(readerName: string): Promise<Uint8Array> {
    const atr = () => this.#monitor.present?.get(readerName)?.atr;
    const deadline = performance.now() + ATR_TIMEOUT;
    while (atr() === undefined && performance.now() < deadline) await pause(10);
    return atr() ?? new Uint8Array();
  }
}

function closedError(): PcscError {
  return new PcscError('the PC/SC connection was closed', { code: 'ERR_PCSC_CLOSED' });
}
