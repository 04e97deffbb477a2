import { EventEmitter } from 'node:events';
import { type AddonWorld, Reporter } from './addon-world.ts';
import { addonConstants, dispositions, protocols, ScardCallError, scardCodes, shareModes } from './scard.ts';
import type { Connection, ScardContext } from './slot.ts';

type Callback = (error: unknown, value?: unknown) => void;
type StatusCallback = (error: unknown, state?: number, atr?: Buffer) => void;

/** What the status thread of a reader last saw. */
interface StatusReport {
  readonly error: ScardCallError | undefined;
  /** 0 where nothing changed. */
  readonly state: number;
  readonly atr: Uint8Array;
  readonly last: boolean;
}

/** Codes with which a watch ends quietly: the reader is not there any more. */
const QUIET_ENDS: ReadonlySet<number> = new Set([scardCodes.NO_READERS_AVAILABLE, scardCodes.UNKNOWN_READER]);

const NOT_CONNECTED = 'Card Reader not connected';

/**
 * A reader of the addon: an emitter of `status`, `error` and `end`, and at the same time one connection to a card.
 * Made by the context for each reader, and by whoever calls the constructor of such an object.
 */
export class AddonReader extends EventEmitter {
  readonly name: string;
  connected = false;
  /** The last state that was reported. */
  state: number | undefined;
  readonly #world: AddonWorld;
  #statusContext: ScardContext | undefined;
  #cardContext: ScardContext | undefined;
  #connection: Connection | undefined;
  #asked = false;
  /** As in the addon: 0 watches, 1 was closed, 2 ended by itself. */
  #phase: 0 | 1 | 2 = 0;
  #reporting = false;
  /** The addon's one mutex: calls about the card go one after the other, and reports wait for them. */
  #mutex: Promise<void> = Promise.resolve();
  #holders = 0;

  constructor(world: AddonWorld, name: string) {
    super();
    this.#world = world;
    this.name = name;
    world.collected.register(this, name, this);
  }

  /** Starts to watch the reader. The callback is called for every change. */
  get_status(callback: StatusCallback): void {
    if (this.#asked) this.#world.traps.deadlock(`get_status was called twice on "${this.name}"`);
    this.#asked = true;
    this.#world.collected.unregister(this);
    const reporter = new Reporter<StatusReport>((report) => {
      const deliver = () => this.#report(report, callback, reporter);
      if (this.#holders === 0) {
        deliver();
        return;
      }
      this.#world.traps.note('blocked', `a status of "${this.name}" came while its own card was busy`);
      void this.#mutex.then(() => setImmediate(deliver));
    });
    void this.#watch(reporter);
  }

  /** Ends the watch. The event `_end` follows. */
  close(): number {
    const { traps } = this.#world;
    if (!this.#asked) return 0;
    if (this.#reporting) traps.deadlock(`close of "${this.name}" in one of its own listeners`);
    if (this.#holders > 0) traps.note('blocked', `close of "${this.name}" while its card was busy`);
    if (this.#phase === 0) {
      this.#phase = 1;
      if (this.#statusContext) this.#world.manager.cancel(this.#statusContext);
    }
    return 0;
  }

  connect(options: { share_mode?: number; protocol?: number } | Callback, done?: Callback): void {
    const callback = typeof options === 'function' ? options : done;
    const { share_mode, protocol } = typeof options === 'function' ? {} : options;
    if (this.connected) {
      callback?.(undefined);
      return;
    }
    const share = share_mode || shareModes.SCARD_SHARE_EXCLUSIVE;
    const accepted = protocol ?? protocols.SCARD_PROTOCOL_T0 + protocols.SCARD_PROTOCOL_T1;
    mustBeInteger(share, 'First');
    mustBeInteger(accepted, 'Second');
    this.#work(callback, async () => {
      const { manager, cards } = this.#world;
      this.#cardContext ??= establishFor('SCardConnect', () => manager.establishContext());
      this.#connection = await cards.connect(this.#cardContext, this.name, share, accepted);
      return () => {
        this.connected = true;
        return this.#connection?.protocol;
      };
    });
  }

  disconnect(disposition: number | Callback, done?: Callback): void {
    const callback = typeof disposition === 'function' ? disposition : done;
    const how = typeof disposition === 'number' ? disposition : dispositions.SCARD_UNPOWER_CARD;
    if (!this.connected) {
      callback?.(undefined);
      return;
    }
    this.#work(callback, async () => {
      if (this.#connection) await this.#world.cards.disconnect(this.#connection, how);
      this.#connection = undefined;
      return () => {
        this.connected = false;
        return undefined;
      };
    });
  }

  transmit(data: Buffer, responseLength: number, protocol: number, callback: Callback): void {
    if (!this.connected) {
      callback(new Error(NOT_CONNECTED));
      return;
    }
    mustBeBuffer(data, 'First');
    mustBeInteger(responseLength, 'Second');
    mustBeInteger(protocol, 'Third');
    const command = Uint8Array.from(data);
    this.#work(callback, async () => {
      if (!this.#connection) throw new ScardCallError('SCardTransmit', scardCodes.INVALID_HANDLE);
      const { cards } = this.#world;
      const answer = await cards.transmit(this.#connection, command, protocol, responseLength);
      return () => Buffer.from(answer);
    });
  }

  control(data: Buffer, code: number, responseLength: number, callback: Callback): void {
    if (!this.connected) {
      callback(new Error(NOT_CONNECTED));
      return;
    }
    mustBeBuffer(data, 'First');
    mustBeInteger(code, 'Second');
    this.#work(callback, async () => {
      if (!this.#connection) throw new ScardCallError('SCardControl', scardCodes.INVALID_HANDLE);
      const answer = await this.#world.cards.control(this.#connection, code, Uint8Array.from(data));
      if (answer.length > responseLength) {
        throw new ScardCallError('SCardControl', scardCodes.INSUFFICIENT_BUFFER);
      }
      return () => Buffer.from(answer);
    });
  }

  SCARD_CTL_CODE(code: number): number {
    return this.#world.manager.profile.controlCode.value(code);
  }

  /** The status thread. */
  async #watch(reporter: Reporter<StatusReport>): Promise<void> {
    const { manager } = this.#world;
    let current = 0;
    let atr: Uint8Array = new Uint8Array();
    while (this.#phase === 0) {
      let error: ScardCallError | undefined;
      let state = current;
      try {
        this.#statusContext ??= manager.establishContext();
        const status = await manager.statusChange(this.#statusContext, this.name, current);
        ({ state, atr } = status);
      } catch (failure) {
        error = failure instanceof ScardCallError ? failure : undefined;
        if (this.#isWatching()) this.#phase = 2;
      }
      const changed = state === current ? 0 : state;
      reporter.send({ error, state: changed, atr, last: !this.#isWatching() });
      current = state;
    }
  }

  #isWatching(): boolean {
    return this.#phase === 0;
  }

  #report(report: StatusReport, callback: StatusCallback, reporter: Reporter<StatusReport>): void {
    const { error, state, atr, last } = report;
    this.#reporting = true;
    try {
      if (this.#phase === 1) {
        // Nobody hears the rest.
      } else if (error && !QUIET_ENDS.has(error.scardCode)) {
        callback(this.#world.errorOf(error, 'SCardGetStatusChange'));
      } else if (state !== 0) callback(undefined, state, Buffer.from(atr));
    } finally {
      if (last) {
        reporter.close();
        if (this.#statusContext) this.#world.manager.releaseContext(this.#statusContext);
        this.emit('_end');
      }
      this.#reporting = false;
    }
  }

  /** One piece of work in the thread pool, and its callback on the event loop. */
  #work(callback: Callback | undefined, work: () => Promise<() => unknown>): void {
    if (typeof callback !== 'function') throw new Error('the last argument must be a callback function');
    this.#holders++;
    const done = this.#mutex.then(work);
    const release = () => {
      this.#holders--;
    };
    this.#mutex = done.then(release, release);
    done.then(
      (finish) => setImmediate(() => callback(null, finish())),
      (error: unknown) => setImmediate(() => callback(this.#world.errorOf(error))),
    );
  }
}

Object.assign(AddonReader.prototype, addonConstants);

/** A failed SCardEstablishContext of a card's connection goes by the name of SCardConnect. */
function establishFor(call: 'SCardConnect', establish: () => ScardContext): ScardContext {
  try {
    return establish();
  } catch (error) {
    throw error instanceof ScardCallError ? new ScardCallError(call, error.scardCode) : error;
  }
}

function mustBeInteger(value: unknown, which: string): void {
  const isUint32 = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
  if (!isUint32) throw new Error(`${which} argument must be an integer`);
}

function mustBeBuffer(value: unknown, which: string): void {
  if (!Buffer.isBuffer(value)) throw new Error(`${which} argument must be a Buffer`);
}
