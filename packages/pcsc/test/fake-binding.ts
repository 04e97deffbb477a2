import {
  type BindingCapabilities,
  type BindingCard,
  type Disposition,
  type ObservedReader,
  type PcscBinding,
  type ProtocolChoice,
  type ReaderObservation,
  type ReaderObserver,
  ScardFailure,
  type ShareMode,
} from '../src/binding.ts';

export const OK: Uint8Array = Uint8Array.of(0x90, 0x00);
export const ATR: Uint8Array = Uint8Array.of(0x3b, 0x00);

/** A reader as a binding reports it; with an ATR a card is in it. */
export const reader = (name: string, changes = 0, atr?: Uint8Array): ObservedReader => ({
  name,
  cardPresent: atr !== undefined,
  unresponsive: false,
  changes,
  ...(atr && { atr }),
});

export const failure = (scardCode: number): ScardFailure => new ScardFailure(scardCode, 'SCardCall');
export const times = (count: number, scardCode: number): ScardFailure[] =>
  Array.from({ length: count }, () => failure(scardCode));

const MINIMAL: BindingCapabilities = {
  transactions: false,
  workerThreads: true,
  reconnect: false,
  control: false,
  attributes: false,
  maxReaders: 16,
};

/** Calls that a test can make fail. */
type FailingCall =
  | 'observe'
  | 'connect'
  | 'transmit'
  | 'begin'
  | 'end'
  | 'reconnect'
  | 'control'
  | 'attribute';

/** A binding whose readers, cards and failures are set by the test; `calls` has what was done to cards. */
export class FakeBinding implements PcscBinding {
  readonly name = 'fake';
  readonly capabilities: BindingCapabilities;
  /** Errors that the next calls throw, oldest first. */
  readonly failures: Record<FailingCall, Error[]> = {
    observe: [],
    connect: [],
    transmit: [],
    begin: [],
    end: [],
    reconnect: [],
    control: [],
    attribute: [],
  };
  readonly shares: ShareMode[] = [];
  readonly protocols: (ProtocolChoice | undefined)[] = [];
  readonly dispositions: Disposition[] = [];
  readonly calls: string[] = [];
  observations = 0;
  answer: (command: Uint8Array) => Promise<Uint8Array> = async () => OK;
  control: (code: number, input: Uint8Array) => Promise<Uint8Array> = async () => new Uint8Array();
  attributes: ReadonlyMap<number, Uint8Array> = new Map();
  /** How often SCardStatus finds the card off. */
  timesOff = 0;
  beforeConnected: Promise<unknown> = Promise.resolve();
  beforeBegun: Promise<unknown> = Promise.resolve();
  beforeEnded: Promise<unknown> = Promise.resolve();
  beforeReconnected: Promise<unknown> = Promise.resolve();
  beforeDisconnected: Promise<unknown> = Promise.resolve();
  #readers: readonly ObservedReader[];
  #observer: ReaderObserver | undefined;

  constructor(readers: readonly ObservedReader[], capabilities: Partial<BindingCapabilities> = {}) {
    this.#readers = readers;
    this.capabilities = { ...MINIMAL, ...capabilities };
  }

  observe(observer: ReaderObserver): ReaderObservation {
    throwNext(this.failures.observe);
    this.observations++;
    this.#observer = observer;
    queueMicrotask(() => observer.update(this.#readers));
    return {
      close: async () => {
        this.observations--;
        this.#observer = undefined;
      },
    };
  }

  show(...readers: readonly ObservedReader[]): void {
    this.#readers = readers;
    this.#observer?.update(readers);
  }

  lose(scardCode: number): void {
    this.#observer?.lost(new ScardFailure(scardCode, 'SCardGetStatusChange'));
  }

  async connect(_: string, share: ShareMode, protocol?: ProtocolChoice): Promise<BindingCard> {
    this.shares.push(share);
    this.protocols.push(protocol);
    throwNext(this.failures.connect);
    await this.beforeConnected;
    return this.#card(share);
  }

  /** A card with what the capabilities promise, and no more. */
  #card(share: ShareMode): BindingCard {
    return {
      protocol: share === 'direct' ? undefined : 'T=1',
      transmit: async (command) => {
        throwNext(this.failures.transmit);
        this.calls.push(`transmit ${Buffer.from(command).toString('hex')}`);
        return this.answer(command);
      },
      disconnect: async (disposition) => {
        this.dispositions.push(disposition);
        this.calls.push(`disconnect ${disposition}`);
        await this.beforeDisconnected;
      },
      ...this.#sharing(),
      ...this.#questions(),
    };
  }

  /** What a card that is shared needs. */
  #sharing(): Pick<BindingCard, 'begin' | 'end' | 'reconnect'> {
    const { transactions, reconnect } = this.capabilities;
    return {
      ...(transactions && {
        begin: async () => {
          await this.#does('begin');
          await this.beforeBegun;
        },
        end: async (disposition: Disposition) => {
          await this.#does('end', `end ${disposition}`);
          await this.beforeEnded;
        },
      }),
      ...(reconnect && {
        reconnect: async (mode: ShareMode, disposition: Disposition) => {
          await this.#does('reconnect', `reconnect ${mode} ${disposition}`);
          await this.beforeReconnected;
        },
      }),
    };
  }

  /** What can be asked of the service and of the reader. */
  #questions(): Pick<BindingCard, 'status' | 'control' | 'attribute'> {
    const { control, attributes, status } = this.capabilities;
    return {
      ...(status && {
        status: async () => {
          const powered = this.timesOff-- <= 0;
          return { readerName: 'A', state: 0, powered, protocol: 'T=1', atr: ATR };
        },
      }),
      ...(control && {
        control: async (code: number, input: Uint8Array) => {
          await this.#does('control', `control ${code.toString(16)}`);
          return this.control(code, input);
        },
      }),
      ...(attributes && {
        attribute: async (id: number) => {
          await this.#does('attribute', `attribute ${id.toString(16)}`);
          const value = this.attributes.get(id);
          if (value === undefined) throw failure(0x8010001f);
          return value;
        },
      }),
    };
  }

  async #does(call: FailingCall, text: string = call): Promise<void> {
    this.calls.push(text);
    throwNext(this.failures[call]);
  }
}

function throwNext(failures: Error[]): void {
  const next = failures.shift();
  if (next) throw next;
}

/** A binding of the least there is, with a card in reader A and none in B. */
export const withOneCard = (): FakeBinding => new FakeBinding([reader('A', 1, ATR), reader('B')]);

const EVERYTHING_BUT_STATUS = { transactions: true, reconnect: true, control: true, attributes: true };

/** The same with all but SCardStatus. */
export const withEverything = (): FakeBinding =>
  new FakeBinding([reader('A', 1, ATR), reader('B')], EVERYTHING_BUT_STATUS);

/** The same with everything that a binding can have. */
export const withStatus = (): FakeBinding =>
  new FakeBinding([reader('A', 1, ATR), reader('B')], { ...EVERYTHING_BUT_STATUS, status: true });
