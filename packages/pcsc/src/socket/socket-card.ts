import {
  type BindingCard,
  type CardStatus,
  type Disposition,
  type Protocol,
  type ProtocolChoice,
  ScardFailure,
  type ShareMode,
} from '../binding.ts';
import { pause } from '../deadline.ts';
import {
  DISPOSITION,
  hasScardCode,
  protocolOf,
  protocolsFor,
  SCARD_E_CANCELLED,
  SCARD_E_INSUFFICIENT_BUFFER,
  SCARD_E_READER_UNAVAILABLE,
  SCARD_E_SHARING_VIOLATION,
  SCARD_E_TIMEOUT,
  SCARD_E_UNKNOWN_READER,
  SHARE_MODE,
} from '../scard/scard-numbers.ts';
import {
  attributeForm,
  type ConnectedCard,
  connectForm,
  controlForm,
  establishForm,
  reconnectForm,
  rvForm,
} from './answers.ts';
import {
  ATTRIBUTE_SIZE,
  BEGIN,
  CONNECT,
  CONTROL,
  DISCONNECT,
  END,
  ESTABLISH,
  GET_ATTRIBUTE,
  HEADER,
  LONGEST_DATA,
  READER_NAME_SIZE,
  RECONNECT,
  RELEASE,
  request,
  STATUS,
  TRANSMIT,
} from './messages.ts';
import { cardStatusIn, readerStates } from './reader-states.ts';
import type { ServiceConnection } from './service-connection.ts';
import { openSession, type ServiceAddress, type Session } from './session.ts';
import { Transmission } from './transmission.ts';

/** SCARD_SCOPE_SYSTEM (pcsc-lite, `pcsclite.h`). */
const SCOPE_SYSTEM = 2;

/**
 * Milliseconds between two questions whether another program's transaction is over. Of one that wants to begin its
 * own the service lets every question wait 100 ms itself.
 */
const LOCK_POLL_DELAY = 20;

/** Most times the reader states are asked for, when readers come and go meanwhile. */
const MOST_LOOKS = 5;

/** Milliseconds for the service to end a connection. One that is frozen would take for ever. */
const DISCONNECT_TIMEOUT = 3_000;

/**
 * A card over a connection of its own, so that a slow card delays no other. Where another program has a transaction,
 * calls wait for its end, as they do in pcsc-lite's own library; the service refuses such a call before the card or
 * the reader sees any of it.
 */
export class SocketCard implements BindingCard {
  readonly #session: Session;
  readonly #connection: ServiceConnection;
  readonly #context: number;
  readonly #readerName: string;
  readonly #card: number;
  readonly #transmission: Transmission;
  #protocol: number;
  #ending = false;

  private constructor(session: Session, context: number, readerName: string, connected: ConnectedCard) {
    const { card, protocol } = connected;
    this.#session = session;
    this.#connection = session.connection;
    this.#context = context;
    this.#readerName = readerName;
    this.#card = card;
    this.#protocol = protocol;
    this.#transmission = new Transmission(session.connection, card, protocol);
  }

  /** Opens a connection to the service, and over it one to the card; an abort ends both, as cancelled. */
  static async connect(
    address: ServiceAddress,
    readerName: string,
    share: ShareMode,
    protocol?: ProtocolChoice,
    signal?: AbortSignal,
  ): Promise<SocketCard> {
    const name = new TextEncoder().encode(readerName);
    // A C string: a longer one, or one that ends early, would be the name of another reader.
    if (name.length >= READER_NAME_SIZE || name.includes(0)) {
      throw new ScardFailure(SCARD_E_UNKNOWN_READER, CONNECT.call);
    }
    const session = await openSession(address, signal);
    const { connection } = session;
    const callOff = () => connection.close();
    signal?.addEventListener('abort', callOff, { once: true });
    try {
      const establish = request(ESTABLISH, { scope: SCOPE_SYSTEM });
      const context = await connection.exchange(ESTABLISH.call, establish, establishForm);
      const connect = request(CONNECT, {
        context,
        share: SHARE_MODE[share],
        protocols: protocolsFor(share, protocol),
      });
      connect.set(name, HEADER.size + CONNECT.offsets.reader);
      const connected = await connection.exchange(CONNECT.call, connect, connectForm);
      return new SocketCard(session, context, readerName, connected);
    } catch (error) {
      connection.close();
      throw error;
    } finally {
      signal?.removeEventListener('abort', callOff);
    }
  }

  get protocol(): Protocol | undefined {
    return protocolOf(this.#protocol);
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    for (;;) {
      try {
        return await this.#transmission.send(command);
      } catch (error) {
        await this.#untilUnlocked(error, TRANSMIT.call);
      }
    }
  }

  async begin(): Promise<void> {
    for (;;) {
      try {
        return await this.#connection.exchange(
          BEGIN.call,
          request(BEGIN, { card: this.#card }),
          rvForm(BEGIN),
        );
      } catch (error) {
        await this.#untilUnlocked(error, BEGIN.call);
      }
    }
  }

  end(disposition: Disposition): Promise<void> {
    const end = request(END, { card: this.#card, disposition: DISPOSITION[disposition] });
    return this.#connection.exchange(END.call, end, rvForm(END));
  }

  async reconnect(share: ShareMode, disposition: Disposition, protocol?: ProtocolChoice): Promise<void> {
    const reconnect = request(RECONNECT, {
      card: this.#card,
      share: SHARE_MODE[share],
      protocols: protocolsFor(share, protocol),
      disposition: DISPOSITION[disposition],
    });
    for (;;) {
      try {
        this.#protocol = await this.#connection.exchange(RECONNECT.call, reconnect, reconnectForm);
        this.#transmission.useProtocol(this.#protocol);
        return;
      } catch (error) {
        await this.#untilUnlocked(error, RECONNECT.call);
      }
    }
  }

  async control(code: number, input: Uint8Array): Promise<Uint8Array> {
    if (input.length > LONGEST_DATA) throw new ScardFailure(SCARD_E_INSUFFICIENT_BUFFER, CONTROL.call);
    const numbers = { card: this.#card, code, sendLength: input.length, receiveLength: LONGEST_DATA };
    const control = request(CONTROL, numbers, input.length);
    control.set(input, HEADER.size + CONTROL.size);
    try {
      return await this.#connection.exchange(CONTROL.call, control, controlForm);
    } finally {
      // What a pin pad is told may hold a PIN's frame.
      control.fill(0);
    }
  }

  attribute(id: number): Promise<Uint8Array> {
    const ask = request(GET_ATTRIBUTE, { card: this.#card, id, length: ATTRIBUTE_SIZE });
    return this.#connection.exchange(GET_ATTRIBUTE.call, ask, attributeForm);
  }

  async status(): Promise<CardStatus> {
    await this.#connection.exchange(STATUS.call, request(STATUS, { card: this.#card }), rvForm(STATUS));
    for (let look = 0; look < MOST_LOOKS; look++) {
      const states = await readerStates(this.#session);
      const status = states && cardStatusIn(states, this.#readerName);
      if (status) return status;
      if (states) break;
    }
    throw new ScardFailure(SCARD_E_READER_UNAVAILABLE, STATUS.call);
  }

  /**
   * Ends the connection, after the call under way. A call that waits for another program is cancelled.
   *
   * @throws {ScardFailure} SCARD_E_TIMEOUT when the service does not answer: the wish stays with it, and keeps the
   *   process alive no longer.
   */
  async disconnect(disposition: Disposition): Promise<void> {
    this.#ending = true;
    const connection = this.#connection;
    const disconnect = request(DISCONNECT, { card: this.#card, disposition: DISPOSITION[disposition] });
    const answer = connection.exchange(DISCONNECT.call, disconnect, rvForm(DISCONNECT));
    const release = request(RELEASE, { context: this.#context });
    const released = connection.exchange(RELEASE.call, release, rvForm(RELEASE));
    const close = () => connection.close();
    released.then(close, close);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        connection.keepAlive(false);
        reject(new ScardFailure(SCARD_E_TIMEOUT, DISCONNECT.call));
      }, DISCONNECT_TIMEOUT);
    });
    try {
      await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits a little where another program's transaction was the reason. @throws error for all other reasons */
  async #untilUnlocked(error: unknown, call: string): Promise<void> {
    if (!hasScardCode(error, SCARD_E_SHARING_VIOLATION)) throw error;
    if (!this.#ending) await pause(LOCK_POLL_DELAY);
    if (this.#ending) throw new ScardFailure(SCARD_E_CANCELLED, call, error);
  }
}
