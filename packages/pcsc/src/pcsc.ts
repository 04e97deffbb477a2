import type { Disposition, ObservedReader, PcscBinding, ProtocolChoice, ShareMode } from './binding.ts';
import { PcscChannel } from './channel/pcsc-channel.ts';
import { type BindingName, bindingNamed, chooseBinding, sharingBindingFor } from './choose-binding.ts';
import { CardInReader } from './connection/card-in-reader.ts';
import { connectCard } from './connection/connect-card.ts';
import { SameCard } from './connection/same-card.ts';
import { within } from './deadline.ts';
import { PcscError } from './errors.ts';
import { type ReaderEvent, type ReaderState, readerState } from './readers/reader-events.ts';
import { ReaderMonitor } from './readers/reader-monitor.ts';
import { watchReaders } from './readers/reader-watch.ts';
import { isServiceFailure, pcscErrorFrom } from './scard/scard-errors.ts';

/** Milliseconds to wait for an answer of the service, and for a card to be powered up. */
const DEFAULT_TIMEOUT = 10_000;

/** Milliseconds for one command; the slowest ones seen on a card (key use over NFC) end far below. */
const DEFAULT_TRANSMIT_TIMEOUT = 120_000;

/** Milliseconds to wait for another program's transaction: several programs that sign one after the other are through. */
const DEFAULT_TRANSACTION_TIMEOUT = 60_000;

/** Milliseconds for everything to end, whatever is under way. */
const CLOSE_TIMEOUT = 150_000;

/** How the PC/SC service is reached. */
export interface OpenPcscOptions {
  /** The way to PC/SC, by its name or as an object; without it the best one of this platform that is there. */
  readonly binding?: BindingName | PcscBinding;
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
  /**
   * Who else may be connected. Without it exclusive; and shared after all, with transactions, where another program keeps
   * the card for a second or the reader refuses exclusive use always. What it became is the channel's `share`. `direct`
   * is for the reader itself, with or without a card.
   */
  readonly share?: ShareMode;
  /** Transmission protocol; `any` without it: what card and reader agree on. */
  readonly protocol?: ProtocolChoice;
  /** What closing does to the card; `unpower` without it, the only way after which no PIN stays verified. */
  readonly disposition?: Disposition;
  /** Milliseconds a card may take for one command before it is given up; 120,000 without it. */
  readonly transmitTimeout?: number;
  /** Milliseconds to wait until another program ends its transaction; 60,000 without it. */
  readonly transactionTimeout?: number;
}

/**
 * Opens the way to PC/SC: on Linux the addon `pcsclite`, and pcscd's socket where that is absent or in a worker thread; on
 * Windows and macOS `pcsc-mini`, then `pcsclite`. The service is reached with the first question.
 *
 * @throws {PcscError} `ERR_PCSC_BINDING_MISSING` where nothing could be loaded, with what was tried;
 *   `ERR_PCSC_WORKER_THREAD` where `pcsclite` was asked for outside the main thread.
 */
export async function openPcsc(options: OpenPcscOptions = {}): Promise<Pcsc> {
  const { binding, signal } = options;
  signal?.throwIfAborted();
  if (binding === undefined) {
    const chosen = await chooseBinding();
    return new Pcsc(chosen, await sharingBindingFor(chosen));
  }
  return new Pcsc(typeof binding === 'string' ? await bindingNamed(binding) : binding);
}

/** The readers of this machine. While it is open it may keep the process alive: close it. */
export class Pcsc implements AsyncDisposable {
  readonly #binding: PcscBinding;
  readonly #sharingBinding: PcscBinding | undefined;
  readonly #monitor: ReaderMonitor;
  readonly #channels: Set<PcscChannel> = new Set();
  readonly #closed: AbortController = new AbortController();
  #closing: Promise<void> | undefined;

  /** Use {@link openPcsc}. */
  constructor(binding: PcscBinding, sharingBinding?: PcscBinding) {
    this.#binding = binding;
    this.#sharingBinding = sharingBinding;
    this.#monitor = new ReaderMonitor(binding);
  }

  /** What the binding in use is called and can do. */
  get binding(): Pick<PcscBinding, 'name' | 'capabilities'> {
    return this.#binding;
  }

  /**
   * All readers, and whether a card is in them; empty when there is none. Sends nothing to a card.
   *
   * @throws {PcscError} `ERR_PCSC_NO_SERVICE` (not on Windows, whose service is there while a reader is),
   *   `ERR_PCSC_TIMEOUT` from a service that is frozen, and others; `signal.reason` when aborted.
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
  async connect(readerName: string, options: ConnectOptions = {}): Promise<PcscChannel> {
    const { signal, timeout = DEFAULT_TIMEOUT, disposition = 'unpower', protocol } = options;
    if (!(await this.#observed(options)).has(readerName)) throw noReader(readerName);
    const sharingBinding = this.#sharingBinding;
    const request = { readerName, share: options.share, protocol, disposition, sharingBinding };
    const limits = { signal, timeout, subject: `reader "${readerName}"` };
    const { card, share, binding } = await connectCard(this.#binding, request, limits);
    const inReader = new CardInReader(this.#monitor, readerName);
    const atr = await inReader.atr(card, share);
    const sameCard = new SameCard(this.#monitor, readerName);
    const channel = new PcscChannel(card, {
      binding,
      readerName,
      share,
      protocol,
      disposition,
      timeout,
      atr,
      wasTakenOut: () => sameCard.isGone,
      isCardGone: () => inReader.isGone(),
      transmitTimeout: options.transmitTimeout ?? DEFAULT_TRANSMIT_TIMEOUT,
      transactionTimeout: options.transactionTimeout ?? DEFAULT_TRANSACTION_TIMEOUT,
      onClosed: () => {
        sameCard.forget();
        this.#channels.delete(channel);
      },
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

  /** A service that is frozen holds nobody up: what is still to be ended then ends when it can. */
  async #close(): Promise<void> {
    this.#closed.abort(closedError());
    const question = this.#binding.askService?.bind(this.#binding);
    const limits = { timeout: CLOSE_TIMEOUT, subject: 'the PC/SC service', question };
    await within(this.#closeAll(), limits).catch(() => undefined);
  }

  async #closeAll(): Promise<void> {
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
      if (this.#binding.capabilities.serviceNeedsReader && isServiceFailure(error)) return new Map();
      throw pcscErrorFrom(error);
    }
  }
}

function noReader(readerName: string): PcscError {
  return new PcscError(`there is no reader "${readerName}"`, {
    code: 'ERR_PCSC_NO_READER',
    remedy: 'connect-reader',
    safeToRetry: true,
    readerName,
  });
}

function closedError(): PcscError {
  return new PcscError('the PC/SC connection was closed', { code: 'ERR_PCSC_CLOSED' });
}
