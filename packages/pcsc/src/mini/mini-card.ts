import {
  type BindingCard,
  type CardStatus,
  type Disposition,
  type Protocol,
  type ProtocolChoice,
  ScardFailure,
  type ShareMode,
} from '../binding.ts';
import {
  DISPOSITION,
  PROTOCOL,
  protocolOf,
  protocolsFor,
  SCARD_E_PROTO_MISMATCH,
  SCARD_E_UNKNOWN_READER,
  SCARD_F_INTERNAL_ERROR,
  SCARD_POWERED,
  SHARE_MODE,
} from '../scard/scard-numbers.ts';
import { onceAnswering } from '../socket/service-question.ts';
import type { MiniClient, MiniSession, MiniTransaction } from './mini-addon.ts';
import { miniFailure } from './mini-failures.ts';
import type { MiniParts } from './mini-parts.ts';
import type { OutputBuffer } from './output-buffers.ts';

/** Bytes of the longest reader name with its end (pcsclite.h, MAX_READERNAME); the addon cuts longer ones off. */
const MAX_READER_NAME = 128;

/** Cause of a failure for a caller that breaks the binding's rule. */
const BUSY = 'another call on this card has not returned';

/** What belongs together for the life of a connection; the session lives in the memory of the client. */
interface Connection {
  readonly client: MiniClient;
  readonly session: MiniSession;
  readonly output: OutputBuffer;
}

/** A card connected through pcsc-mini. */
export class MiniCard implements BindingCard {
  readonly #connection: Connection;
  readonly #parts: MiniParts;
  /** Calls that have not returned, each with its input, which must not be collected before. */
  readonly #running: Map<Promise<unknown>, Uint8Array | undefined> = new Map();
  #protocol: number;
  #transaction: MiniTransaction | undefined;
  #disconnection: Promise<void> | undefined;

  private constructor(connection: Connection, parts: MiniParts) {
    this.#connection = connection;
    this.#parts = parts;
    this.#protocol = connection.session.protocol();
  }

  /** Connects with a client of its own: one has room for four connections only. */
  static async connect(
    parts: MiniParts,
    readerName: string,
    share: ShareMode,
    protocol?: ProtocolChoice,
  ): Promise<MiniCard> {
    if (readerName.includes('\0') || Buffer.byteLength(readerName) >= MAX_READER_NAME) {
      throw new ScardFailure(SCARD_E_UNKNOWN_READER, 'SCardConnect');
    }
    const client = parts.addon.newClient();
    const session = await named('SCardConnect', () =>
      client.connect(readerName, SHARE_MODE[share], protocolsFor(share, protocol)),
    );
    return new MiniCard({ client, session, output: parts.buffers.take() }, parts);
  }

  get protocol(): Protocol | undefined {
    return protocolOf(this.#protocol);
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    return this.#answer('SCardTransmit', command, ({ session, output }) =>
      session.transmit(this.#protocol, command, output.response),
    );
  }

  control(code: number, input: Uint8Array): Promise<Uint8Array> {
    return this.#answer('SCardControl', input, ({ session, output }) =>
      session.control(code, input, output.response),
    );
  }

  attribute(id: number): Promise<Uint8Array> {
    return this.#answer('SCardGetAttrib', undefined, ({ session, output }) =>
      session.attributeGet(id, output.attribute),
    );
  }

  async status(): Promise<CardStatus> {
    const { readerName, status, protocol, atr } = await this.#call('SCardStatus', undefined, ({ session }) =>
      session.state(),
    );
    return {
      readerName,
      state: status,
      ...poweredIn(status),
      protocol: protocolOf(protocol),
      atr: Uint8Array.from(atr),
    };
  }

  async begin(): Promise<void> {
    // The addon counts a transaction whose end failed as begun.
    if (this.#transaction) await this.end('leave');
    this.#transaction = await this.#call('SCardBeginTransaction', undefined, ({ session }) =>
      session.transaction(),
    );
  }

  async end(disposition: Disposition): Promise<void> {
    const transaction = this.#transaction;
    if (!transaction) return;
    await this.#call('SCardEndTransaction', undefined, () => transaction.end(DISPOSITION[disposition]));
    this.#transaction = undefined;
  }

  /** The protocol stays: the addon has no way to ask for another one. */
  async reconnect(share: ShareMode, disposition: Disposition, protocol?: ProtocolChoice): Promise<void> {
    if (protocol !== undefined && (PROTOCOL[protocol] & this.#protocol) === 0) {
      throw new ScardFailure(SCARD_E_PROTO_MISMATCH, 'SCardReconnect');
    }
    this.#protocol = await this.#call('SCardReconnect', undefined, ({ session }) =>
      session.reconnect(SHARE_MODE[share], DISPOSITION[disposition]),
    );
  }

  /**
   * Waits for a call that has not returned, since the addon refuses a second one meanwhile. A service that is silent is
   * left alone, and told once it answers again.
   */
  disconnect(disposition: Disposition): Promise<void> {
    this.#disconnection ??= onceAnswering(this.#parts.question, () => this.#disconnect(disposition));
    return this.#disconnection;
  }

  async #disconnect(disposition: Disposition): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.keys());
    try {
      await this.#call('SCardDisconnect', undefined, ({ session }) =>
        session.disconnect(DISPOSITION[disposition]),
      );
    } finally {
      this.#parts.buffers.giveBack(this.#connection.output);
    }
  }

  /** Takes the answer out of the output buffer and leaves nothing of it there: it may be personal. */
  async #answer(
    call: string,
    input: Uint8Array | undefined,
    start: (connection: Connection) => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const answer = await this.#call(call, input, start);
    const copy = Uint8Array.from(answer);
    answer.fill(0);
    return copy;
  }

  async #call<T>(
    call: string,
    input: Uint8Array | undefined,
    start: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    // The addon refuses it too, but only until its thread is done: the output may not have been read by then.
    if (this.#running.size > 0) throw new ScardFailure(SCARD_F_INTERNAL_ERROR, call, BUSY);
    const running = named(call, () => start(this.#connection));
    this.#running.set(running, input);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}

/** Runs a call of the addon, which throws or rejects, and gives its failure the call's name and a code. */
async function named<T>(call: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    throw miniFailure(error, call);
  }
}

/** Elsewhere the state is a number, and nothing is known to take a used card's power. */
function poweredIn(status: number): Pick<CardStatus, 'powered'> {
  return process.platform === 'linux' ? { powered: (status & SCARD_POWERED) !== 0 } : {};
}
