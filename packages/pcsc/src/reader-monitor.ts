import type { ObservedReader, PcscBinding, ReaderObservation } from './binding.ts';
import { pause } from './deadline.ts';
import { isServiceFailure } from './scard-errors.ts';

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
  #observation: ReaderObservation | undefined;
  #readers: Readers | undefined;
  #starting: Promise<Readers> | undefined;
  #ending: Promise<unknown> = Promise.resolve();

  constructor(binding: PcscBinding) {
    this.#binding = binding;
  }

  /** The present set; undefined while nothing is observed: before {@link start}, or since the service went away. */
  get present(): Readers | undefined {
    return this.#readers;
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
    await this.#starting?.catch(() => undefined);
    this.#end();
    await this.#ending;
  }

  async #startPatiently(): Promise<Readers> {
    for (const delay of RETRY_DELAYS) {
      try {
        return await this.#observe();
      } catch (error) {
        if (!isServiceFailure(error)) throw error;
        await pause(delay);
      }
    }
    return this.#observe();
  }

  #observe(): Promise<Readers> {
    return new Promise((resolve, reject) => {
      const observation = this.#binding.observe({
        update: (readers) => {
          this.#readers = new Map(readers.map((reader) => [reader.name, reader]));
          resolve(this.#readers);
          this.#notify();
        },
        lost: (error) => {
          this.#end();
          reject(error);
          this.#notify();
        },
      });
      this.#observation = observation;
    });
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
