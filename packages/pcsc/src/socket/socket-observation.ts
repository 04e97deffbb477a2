import type { ObservedReader, ReaderObservation, ReaderObserver } from '../binding.ts';
import { ScardFailure } from '../binding.ts';
import { CHANGED, request, STOP_WAITING } from './messages.ts';
import { observedReaders, readerStates, type StateBytes, statesBeforeChange } from './reader-states.ts';
import type { ReplyForm } from './reply-reader.ts';
import { serviceViolation } from './service-violation.ts';
import { openSession, type ServiceAddress, type Session } from './session.ts';
import { readNumber } from './struct.ts';

/**
 * Most sessions in a row whose readers never held still for the two questions of one look. Each is a tenth of a
 * millisecond, and readers come and go in seconds.
 */
const MOST_RESTARTS = 20;

/** Milliseconds in which a service that runs takes note of a goodbye. */
const GOODBYE_TIMEOUT = 500;

/** The news of a change, or that there will be none: the answer to a goodbye looks the same. */
const changed: ReplyForm<void> = {
  size: CHANGED.size,
  read: (view) => {
    const rv = readNumber(view, CHANGED.offsets.rv);
    if (rv !== 0) throw new ScardFailure(rv, CHANGED.call);
  },
};

/** Readers and cards, watched over one connection to the service. */
export class SocketObservation implements ReaderObservation {
  readonly #address: ServiceAddress;
  readonly #observer: ReaderObserver;
  readonly #done: Promise<void>;
  #session: Session | undefined;
  #change: Promise<void> | undefined;
  #told: string | undefined;
  readonly #closing: AbortController = new AbortController();

  constructor(address: ServiceAddress, observer: ReaderObserver) {
    this.#address = address;
    this.#observer = observer;
    this.#done = this.#run();
  }

  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closing.abort();
      await this.#sayGoodbye();
      this.#session?.connection.close();
    }
    await this.#done;
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #run(): Promise<void> {
    try {
      for (let restarts = 0; restarts < MOST_RESTARTS && !this.#closed; restarts++) {
        if (await this.#follow()) restarts = 0;
        this.#session?.connection.close();
      }
      if (!this.#closed) throw serviceViolation('it never told the same of its readers twice');
    } catch (error) {
      this.#session?.connection.close();
      if (!this.#closed) {
        this.#closing.abort();
        this.#observer.lost(error);
      }
    }
  }

  /**
   * Follows the changes in one session, until the service contradicts itself or a change comes in between: then a
   * new session begins, since nobody knows what the rest of the answer was. @returns whether it saw a change
   */
  async #follow(): Promise<boolean> {
    const session = await openSession(this.#address, this.#closing.signal);
    this.#session = session;
    if (this.#closed) return false;
    for (let changes = 0; ; changes++) {
      const states = await readerStates(session);
      if (!states) return changes > 0;
      this.#tell(observedReaders(states));
      const again = statesBeforeChange(session);
      // Waited for from now on, as it may come with the very same bytes.
      this.#change = session.connection.expect(CHANGED.call, changed);
      this.#change.catch(() => undefined);
      if (!tellTheSame(states, await again)) return changes > 0;
      await this.#change;
      this.#change = undefined;
      if (this.#closed) return true;
    }
  }

  #tell(readers: readonly ObservedReader[]): void {
    const told = textOf(readers);
    if (this.#closed || told === this.#told) return;
    this.#told = told;
    this.#observer.update(readers);
  }

  /** Has the service forget us, so that it does not write to a connection that is gone. */
  async #sayGoodbye(): Promise<void> {
    const session = this.#session;
    const change = this.#change;
    if (!session || !change) return;
    session.connection.send(request(STOP_WAITING, {}));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, GOODBYE_TIMEOUT);
    });
    await Promise.race([change.catch(() => undefined), patience]);
    clearTimeout(timer);
  }
}

/**
 * Whether both tell the same readers and cards. Who shares a card, in which protocol, is in the states as well; it
 * changes with every connection anybody makes, thousands of times a second, and is not told.
 */
function tellTheSame(one: StateBytes, other: StateBytes | undefined): boolean {
  if (other?.length !== one.length) return false;
  return textOf(observedReaders(one)) === textOf(observedReaders(other));
}

function textOf(readers: readonly ObservedReader[]): string {
  return JSON.stringify(readers.map(({ atr, ...reader }) => [reader, atr && [...atr]]));
}
