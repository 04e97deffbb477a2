import { type MockClock, realClock } from './clock.ts';
import type { PlatformProfile } from './platform-profile.ts';
import { PNP_NOTIFICATION, readerStates, type ScardCall, ScardCallError, scardCodes } from './scard.ts';
import { ServiceCalls } from './service-calls.ts';
import type { ScardContext, Slot } from './slot.ts';

/** What SCardGetStatusChange says about one reader. */
export interface ReaderStatus {
  readonly state: number;
  readonly atr: Uint8Array;
}

/**
 * The PC/SC service of the mock: its contexts, its list of readers, who waits for what. What is done with a card
 * is in `card-calls.ts`.
 */
export class ResourceManager {
  readonly profile: PlatformProfile;
  readonly clock: MockClock;
  readonly calls: ServiceCalls;
  readonly #slots: Map<string, Slot> = new Map();
  readonly #contexts: Set<ScardContext> = new Set();
  readonly #waiting: Set<() => void> = new Set();
  #running = true;
  #listVersion = 0;
  #version = 0;

  constructor(profile: PlatformProfile, clock: MockClock = realClock) {
    this.profile = profile;
    this.clock = clock;
    this.calls = new ServiceCalls(clock);
  }

  /** Whether programs can reach the service. */
  get available(): boolean {
    return this.#running && !(this.profile.serviceNeedsReader.value && this.#slots.size === 0);
  }

  /** Changes with every arrival and departure of a reader. */
  get listVersion(): number {
    return this.#listVersion;
  }

  /** Changes with every change of a reader or card. */
  get version(): number {
    return this.#version;
  }

  slot(name: string): Slot | undefined {
    return this.#slots.get(name);
  }

  // Calls

  establishContext(): ScardContext {
    return this.calls.runNow({ call: 'SCardEstablishContext' }, () => {
      if (!this.available) throw new ScardCallError('SCardEstablishContext', scardCodes.NO_SERVICE);
      const context: ScardContext = { waits: new Set(), invalid: undefined };
      this.#contexts.add(context);
      return context;
    });
  }

  releaseContext(context: ScardContext): void {
    this.calls.runNow({ call: 'SCardReleaseContext' }, () => {
      this.#contexts.delete(context);
      context.invalid ??= scardCodes.INVALID_HANDLE;
    });
  }

  /** Ends whatever waits on this context. */
  cancel(context: ScardContext): void {
    this.calls.runNow({ call: 'SCardCancel' }, () => {
      for (const end of [...context.waits]) end(scardCodes.CANCELLED);
    });
  }

  listReaders(context: ScardContext): Promise<string[]> {
    return this.calls.run({ call: 'SCardListReaders' }, () => {
      this.check(context, 'SCardListReaders');
      const names = [...this.#slots.keys()];
      if (names.length === 0) throw new ScardCallError('SCardListReaders', scardCodes.NO_READERS_AVAILABLE);
      return names;
    });
  }

  /** Waits until a reader's state is another than `current`, which may be SCARD_STATE_UNAWARE to hear it at once. */
  statusChange(context: ScardContext, reader: string, current: number): Promise<ReaderStatus> {
    return this.calls.run({ call: 'SCardGetStatusChange', reader }, async () => {
      for (;;) {
        this.check(context, 'SCardGetStatusChange');
        const status = this.#statusOf(reader, current);
        if (status) return status;
        await this.#changed(context);
      }
    });
  }

  /** Waits until a reader came or went since `version`, as the reader {@link PNP_NOTIFICATION} tells it. */
  readerListChange(context: ScardContext, version: number): Promise<number> {
    return this.calls.run({ call: 'SCardGetStatusChange', reader: PNP_NOTIFICATION }, async () => {
      for (;;) {
        this.check(context, 'SCardGetStatusChange');
        if (this.#listVersion !== version) return this.#listVersion;
        await this.#changed(context);
      }
    });
  }

  /** Waits until anything changed since `version`: a question about all readers at once. */
  anyChange(context: ScardContext, version: number): Promise<void> {
    return this.calls.run({ call: 'SCardGetStatusChange' }, () => {
      this.check(context, 'SCardGetStatusChange');
      return this.#version === version ? this.#changed(context) : undefined;
    });
  }

  /** @throws {ScardCallError} when the context is not valid or the service is gone. */
  check(context: ScardContext, call: ScardCall): void {
    if (!this.available) throw new ScardCallError(call, this.profile.serviceGone.value.calling);
    if (context.invalid !== undefined) throw new ScardCallError(call, context.invalid);
  }

  // What happens to the service and its readers

  add(slot: Slot): void {
    if (this.#slots.has(slot.name)) throw new Error(`there is a reader "${slot.name}" already`);
    this.#slots.set(slot.name, slot);
    this.#listVersion++;
    this.wake();
  }

  unplug(slot: Slot): void {
    if (!this.#slots.delete(slot.name)) return;
    slot.plugged = false;
    slot.remove();
    this.#listVersion++;
    if (this.profile.removedReaderEndsContext.value) {
      for (const { context } of slot.connections)
        this.#invalidate(context, this.profile.removedReaderCode.value);
    }
    if (!this.available) this.#endContexts();
    this.wake();
  }

  /** The service ends: waits fail, connections are lost, cards lose their power. */
  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    for (const slot of this.#slots.values()) {
      slot.end();
      slot.connections.clear();
      if (!slot.stay) continue;
      slot.stay.powered = false;
      void slot.stay.card.powerOff?.();
    }
    this.#endContexts();
    this.wake();
  }

  start(): void {
    this.#running = true;
    this.wake();
  }

  /** Something changed: whoever waits for a change looks again. */
  wake(): void {
    this.#version++;
    for (const look of [...this.#waiting]) look();
  }

  #endContexts(): void {
    const { waiting, restarted } = this.profile.serviceGone.value;
    for (const context of this.#contexts) {
      for (const end of [...context.waits]) end(waiting);
      context.invalid ??= restarted;
    }
    this.#contexts.clear();
  }

  #invalidate(context: ScardContext, code: number): void {
    for (const end of [...context.waits]) end(code);
    context.invalid ??= code;
    this.#contexts.delete(context);
  }

  #statusOf(reader: string, current: number): ReaderStatus | undefined {
    const slot = this.#slots.get(reader);
    const none = new Uint8Array();
    if (!slot) {
      const gone = readerStates.SCARD_STATE_UNKNOWN + readerStates.SCARD_STATE_UNAVAILABLE;
      if (current === 0 || (current & gone) === gone) {
        throw new ScardCallError('SCardGetStatusChange', scardCodes.UNKNOWN_READER);
      }
      return { state: gone + readerStates.SCARD_STATE_CHANGED, atr: none };
    }
    const state = slot.state(this.profile.countsEvents.value);
    if (state === withoutChanged(current)) return undefined;
    return { state: state + readerStates.SCARD_STATE_CHANGED, atr: slot.stay?.card.atr ?? none };
  }

  #changed(context: ScardContext): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        forget();
        resolve();
      };
      const end = (code: number) => {
        forget();
        reject(new ScardCallError('SCardGetStatusChange', code));
      };
      const forget = () => {
        this.#waiting.delete(look);
        context.waits.delete(end);
      };
      this.#waiting.add(look);
      context.waits.add(end);
    });
  }
}

/** The state that a caller knows, as it was before it was marked as changed. */
function withoutChanged(state: number): number {
  return (state & readerStates.SCARD_STATE_CHANGED) === 0 ? state : state - readerStates.SCARD_STATE_CHANGED;
}
