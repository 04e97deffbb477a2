import type { ObservedReader, PcscBinding, ReaderObservation } from '../binding.ts';
import { pause } from '../deadline.ts';
import { PcscError } from '../errors.ts';
import { isServiceFailure } from '../scard/scard-errors.ts';

/**
 * Milliseconds to wait before a new try to reach a service that is not there. A service that is being restarted
 * is back by then; one that does not run costs its caller no more than their sum.
 */
const RETRY_DELAYS: readonly number[] = [50, 100, 200];

type Readers = ReadonlyMap<string, ObservedReader>;

/**
 * The present set of readers, kept up to date by one observation. It starts with the first question and, after
 * the service went away, starts anew with the next one.
 */
export class ReaderMonitor {
  readonly #binding: PcscBinding;
  readonly #listeners: Set<() => void> = new Set();
  #losses = 0;
  #observation: ReaderObservation | undefined;
  #readers: Readers | undefined;
  #starting: Promise<Readers> | undefined;
  #ending: Promise<unknown> = Promise.resolve();
  /** Ends a start that has not come to its end. */
  #closing: AbortController = new AbortController();

  constructor(binding: PcscBinding) {
    this.#binding = binding;
  }

  /** The present set; undefined while nothing is observed: before {@link start}, or since the service went away. */
  get present(): Readers | undefined {
    return this.#readers;
  }

  /** How many times the service went away while it was observed, however soon it was back. */
  get losses(): number {
    return this.#losses;
  }

  /**
   * The present set, as soon as it is complete.
   *
   * @throws what the binding throws when the service cannot be reached, after a few tries.
   */
  start(): Promise<Readers> {
    if (this.#readers) return Promise.resolve(this.#readers);
    this.#starting ??= this.#startPatiently().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  /** Calls `listener` after every change, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the observation. {@link start} would begin another one. */
  async close(): Promise<void> {
    this.#closing.abort(new PcscError('the PC/SC connection was closed', { code: 'ERR_PCSC_CLOSED' }));
    this.#end();
    await this.#starting?.catch(() => undefined);
    this.#closing = new AbortController();
    await this.#ending;
  }

  async #startPatiently(): Promise<Readers> {
    const { signal } = this.#closing;
    for (const delay of RETRY_DELAYS) {
      try {
        return await this.#observe();
      } catch (error) {
        if (!isServiceFailure(error)) throw error;
        await pause(delay, signal);
      }
    }
    return this.#observe();
  }

  async #observe(): Promise<Readers> {
    const { signal } = this.#closing;
    signal.throwIfAborted();
    let onAbort = () => {};
    const first = new Promise<Readers>((resolve, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      const observation = this.#binding.observe({
        update: (readers) => {
          this.#readers = new Map(readers.map((reader) => [reader.name, reader]));
          resolve(this.#readers);
          this.#notify();
        },
        lost: (error) => {
          if (this.#readers && isServiceFailure(error)) this.#losses += 1;
          this.#end();
          reject(error);
          this.#notify();
        },
      });
      this.#observation = observation;
    });
    try {
      return await first;
    } finally {
      // The monitor outlives many observations: each restart of the service begins one.
      signal.removeEventListener('abort', onAbort);
    }
  }

  #end(): void {
    const observation = this.#observation;
    this.#observation = undefined;
    this.#readers = undefined;
    if (observation) this.#ending = Promise.allSettled([this.#ending, observation.close()]);
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
