import type { ObservedReader } from '../binding.ts';
import { pause, within } from '../deadline.ts';
import { isServiceFailure, isServiceSilent, pcscErrorFrom } from '../scard/scard-errors.ts';
import { type ReaderEvent, readerEvents } from './reader-events.ts';
import type { ReaderMonitor } from './reader-monitor.ts';

/** Milliseconds between looks for a service that is not there. */
const SERVICE_POLL_DELAY = 1_000;

/** Milliseconds for the service to tell its readers. */
const START_TIMEOUT = 10_000;

type Readers = ReadonlyMap<string, ObservedReader>;

const NO_READERS: Readers = new Map();

/** The events of a monitor: what is there, then what changes. `closed` ends it, `signal` makes it throw. */
export async function* watchReaders(
  monitor: ReaderMonitor,
  closed: AbortSignal,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReaderEvent, void, undefined> {
  const stop = signal ? AbortSignal.any([signal, closed]) : closed;
  const changes = new ChangeFlag(monitor);
  const told = new ToldReaders(monitor);
  let hasStarted = false;
  try {
    for (;;) {
      stop.throwIfAborted();
      const present = await presentIn(monitor, stop, hasStarted);
      yield* told.eventsTo(present);
      if (present === undefined) {
        await pause(SERVICE_POLL_DELAY, stop);
        continue;
      }
      hasStarted = true;
      await changes.next(stop);
    }
  } catch (error) {
    if (closed.aborted && error === closed.reason) return;
    throw pcscErrorFrom(error);
  } finally {
    changes.close();
  }
}

/** What has been told of the readers and of the service. */
class ToldReaders {
  readonly #monitor: ReaderMonitor;
  #losses: number;
  #isServiceThere = true;
  #readers: Readers = NO_READERS;

  constructor(monitor: ReaderMonitor) {
    this.#monitor = monitor;
    this.#losses = monitor.losses;
  }

  /** What is still to be told, so that these readers are known; undefined where there is no service. */
  eventsTo(present: Readers | undefined): ReaderEvent[] {
    const { losses } = this.#monitor;
    // A service that was restarted may be back already; its readers and cards are new all the same.
    const wasAway = present === undefined || losses !== this.#losses;
    this.#losses = losses;
    const events: ReaderEvent[] = [];
    if (wasAway && this.#isServiceThere) {
      events.push(...readerEvents(this.#readers, NO_READERS), { type: 'service-stopped' });
      this.#readers = NO_READERS;
      this.#isServiceThere = false;
    }
    if (present === undefined) return events;
    if (!this.#isServiceThere) events.push({ type: 'service-started' });
    events.push(...readerEvents(this.#readers, present));
    this.#readers = present;
    this.#isServiceThere = true;
    return events;
  }
}

/** Undefined where there is no service; one that is silent is said at the start, and outlived later. */
async function presentIn(
  monitor: ReaderMonitor,
  signal: AbortSignal,
  hasStarted: boolean,
): Promise<Readers | undefined> {
  try {
    return await within(monitor.start(), { signal, timeout: START_TIMEOUT, subject: 'the PC/SC service' });
  } catch (error) {
    if (isServiceFailure(error) || (hasStarted && isServiceSilent(error))) return undefined;
    throw error;
  }
}

/** Remembers that something changed while nobody was waiting. */
class ChangeFlag {
  readonly close: () => void;
  #changed = false;
  #wake: () => void = () => undefined;

  constructor(monitor: ReaderMonitor) {
    this.close = monitor.listen(() => {
      this.#changed = true;
      this.#wake();
    });
  }

  /** Resolves at the next change, or at once after one that was not waited for. @throws `stop.reason` */
  async next(stop: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const onStop = () => reject(stop.reason);
      this.#wake = () => {
        stop.removeEventListener('abort', onStop);
        resolve();
      };
      if (stop.aborted) onStop();
      else if (this.#changed) this.#wake();
      else stop.addEventListener('abort', onStop, { once: true });
    });
    this.#changed = false;
    this.#wake = () => undefined;
  }
}
