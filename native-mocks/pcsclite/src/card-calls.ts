import { shownCommand } from './call-log.ts';
import {
  agreedProtocol,
  checkCard,
  checkReader,
  mayConnect,
  powerUp,
  resetOrUnpower,
} from './connection-rules.ts';
import type { ResourceManager } from './resource-manager.ts';
import {
  cardStates,
  dispositions,
  SCARD_ATTR_ATR_STRING,
  type ScardCall,
  ScardCallError,
  scardCodes,
  shareModes,
} from './scard.ts';
import type { Connection, ScardContext, Slot, Stay } from './slot.ts';

const { SCARD_SHARE_EXCLUSIVE } = shareModes;
const { SCARD_ABSENT, SCARD_PRESENT, SCARD_POWERED, SCARD_NEGOTIABLE } = cardStates;
const READY = SCARD_PRESENT | SCARD_POWERED | SCARD_NEGOTIABLE;

/** The calls of PC/SC that are about one card, on behalf of one resource manager. */
export class CardCalls {
  readonly #manager: ResourceManager;

  constructor(manager: ResourceManager) {
    this.#manager = manager;
  }

  /** SCardConnect. `protocol` are SCARD_PROTOCOL_… bits. */
  connect(context: ScardContext, reader: string, shareMode: number, protocol: number): Promise<Connection> {
    const call = 'SCardConnect';
    return this.#manager.calls.run({ call, reader, shareMode, protocol }, async () => {
      for (;;) {
        this.#manager.check(context, call);
        const slot = this.#manager.slot(reader);
        if (!slot) throw new ScardCallError(call, scardCodes.UNKNOWN_READER);
        if (mayConnect(slot, shareMode, this.#manager.profile))
          return this.#connected(context, slot, shareMode, protocol);
        await slot.freed(context);
      }
    });
  }

  /** SCardReconnect: the connection is good again after a reset. */
  reconnect(
    connection: Connection,
    shareMode: number,
    protocol: number,
    disposition: number,
  ): Promise<number> {
    const call = 'SCardReconnect';
    const { slot } = connection;
    return this.#manager.calls.run(
      { call, reader: slot.name, shareMode, protocol, disposition },
      async () => {
        checkReader(this.#manager, connection, call);
        const others = [...slot.connections].filter((other) => other !== connection);
        if (others.some(({ share }) => share === SCARD_SHARE_EXCLUSIVE) || slot.isTakenFor(connection)) {
          throw new ScardCallError(call, scardCodes.SHARING_VIOLATION);
        }
        if (shareMode === SCARD_SHARE_EXCLUSIVE && others.length > 0) {
          throw new ScardCallError(call, scardCodes.SHARING_VIOLATION);
        }
        connection.protocol = agreedProtocol(call, slot, shareMode, protocol, this.#manager.profile);
        await resetOrUnpower(slot, connection, disposition);
        await powerUp(slot.stay);
        connection.share = shareMode;
        connection.stay = slot.stay;
        connection.wasReset = false;
        this.#manager.wake();
        return connection.protocol;
      },
    );
  }

  /** SCardDisconnect. */
  disconnect(connection: Connection, disposition: number): Promise<void> {
    const call = 'SCardDisconnect';
    const { slot } = connection;
    return this.#manager.calls.run({ call, reader: slot.name, disposition }, async () => {
      this.#manager.check(connection.context, call);
      if (connection.ended) throw new ScardCallError(call, scardCodes.INVALID_HANDLE);
      if (connection.stay === slot.stay) await resetOrUnpower(slot, connection, disposition);
      this.#forget(connection);
    });
  }

  /** SCardBeginTransaction: waits for the end of another's. */
  begin(connection: Connection): Promise<void> {
    const call = 'SCardBeginTransaction';
    const { slot, context } = connection;
    return this.#manager.calls.run({ call, reader: slot.name }, async () => {
      for (;;) {
        checkCard(this.#manager, connection, call);
        if (!slot.isTakenFor(connection)) break;
        await slot.freed(context);
      }
      slot.begin(connection);
      this.#restartIdleLimit(connection);
    });
  }

  /** SCardEndTransaction. */
  end(connection: Connection, disposition: number): Promise<void> {
    const call = 'SCardEndTransaction';
    const { slot } = connection;
    return this.#manager.calls.run({ call, reader: slot.name, disposition }, async () => {
      checkCard(this.#manager, connection, call);
      if (slot.owner !== connection) throw new ScardCallError(call, scardCodes.SHARING_VIOLATION);
      await resetOrUnpower(slot, connection, disposition);
      slot.end();
    });
  }

  /** SCardTransmit: an answer longer than `responseLength` is lost. */
  transmit(
    connection: Connection,
    command: Uint8Array,
    protocol: number,
    responseLength: number,
  ): Promise<Uint8Array> {
    const call = 'SCardTransmit';
    const { slot } = connection;
    const record = {
      call,
      reader: slot.name,
      protocol,
      command: shownCommand(command),
      responseLength,
    } as const;
    return this.#manager.calls.run(record, async () => {
      await this.#turnOf(connection, call);
      const { stay } = connection;
      if (!stay || protocol !== stay.protocol || connection.protocol !== stay.protocol) {
        throw new ScardCallError(call, scardCodes.PROTO_MISMATCH);
      }
      const answer = await this.#answer(connection, stay, command);
      this.#restartIdleLimit(connection);
      if (answer.length > responseLength) throw new ScardCallError(call, scardCodes.INSUFFICIENT_BUFFER);
      return answer;
    });
  }

  /** SCardControl. */
  control(connection: Connection, control: number, input: Uint8Array): Promise<Uint8Array> {
    const call = 'SCardControl';
    const { slot } = connection;
    return this.#manager.calls.run(
      { call, reader: slot.name, control, inputLength: input.length },
      async () => {
        await this.#turnOf(connection, call);
        const answer = await (slot.options.control?.(control, input) ?? scardCodes.UNSUPPORTED_FEATURE);
        this.#restartIdleLimit(connection);
        if (typeof answer === 'number') throw new ScardCallError(call, answer);
        return answer;
      },
    );
  }

  /** SCardStatus. */
  status(connection: Connection): Promise<{ readonly state: number; readonly atr: Uint8Array }> {
    const call = 'SCardStatus';
    const { slot } = connection;
    return this.#manager.calls.run({ call, reader: slot.name }, async () => {
      checkCard(this.#manager, connection, call);
      return { state: slot.stay ? READY : SCARD_ABSENT, atr: slot.stay?.card.atr ?? new Uint8Array() };
    });
  }

  /** SCardGetAttrib. */
  attribute(connection: Connection, control: number): Promise<Uint8Array> {
    const call = 'SCardGetAttrib';
    const { slot } = connection;
    return this.#manager.calls.run({ call, reader: slot.name, control }, async () => {
      await this.#turnOf(connection, call);
      const own = control === SCARD_ATTR_ATR_STRING ? slot.stay?.card.atr : undefined;
      const value = own ?? slot.options.attributes?.get(control);
      if (!value) throw new ScardCallError(call, scardCodes.UNSUPPORTED_FEATURE);
      return value;
    });
  }

  /** The program ended without a word: its connections are closed for it, and an open transaction ends in a reset. */
  async abandon(connection: Connection): Promise<void> {
    if (connection.ended) return;
    const inTransaction = connection.slot.owner === connection;
    if (inTransaction) await resetOrUnpower(connection.slot, connection, dispositions.SCARD_RESET_CARD);
    this.#forget(connection);
  }

  async #connected(context: ScardContext, slot: Slot, share: number, protocol: number): Promise<Connection> {
    const agreed = agreedProtocol('SCardConnect', slot, share, protocol, this.#manager.profile);
    const { stay } = slot;
    const connection: Connection = {
      ...{ context, slot, share, stay },
      ...{ protocol: agreed, wasReset: false, ended: false },
    };
    slot.connections.add(connection);
    await powerUp(stay);
    this.#manager.wake();
    return connection;
  }

  #forget(connection: Connection): void {
    const { slot } = connection;
    connection.ended = true;
    slot.connections.delete(connection);
    if (slot.owner === connection) slot.end();
    this.#manager.wake();
  }

  /**
   * Waits for the end of somebody else's transaction. pcscd itself refuses at once; libpcsclite, which the addon is built
   * on, asks again until it is let in, as Windows does.
   */
  async #turnOf(connection: Connection, call: ScardCall): Promise<void> {
    const { slot, context } = connection;
    for (;;) {
      checkCard(this.#manager, connection, call);
      if (!slot.isTakenFor(connection)) break;
      await slot.freed(context);
    }
    if (slot.owner === connection) slot.pauseIdleLimit();
  }

  async #answer(connection: Connection, stay: Stay, command: Uint8Array): Promise<Uint8Array> {
    const call = 'SCardTransmit';
    const { slot } = connection;
    const answer = await stay.card.transmit(command).catch(() => undefined);
    this.#manager.check(connection.context, call);
    const gone = this.#manager.profile.removedInCommand.value;
    if (slot.stay === stay && answer) return answer;
    if (!slot.plugged) throw new ScardCallError(call, this.#manager.profile.removedReaderCode.value);
    if (slot.stay === stay) throw new ScardCallError(call, scardCodes.NOT_TRANSACTED);
    if (gone !== 'empty') throw new ScardCallError(call, gone);
    return new Uint8Array();
  }

  #restartIdleLimit(connection: Connection): void {
    const { slot } = connection;
    if (slot.owner !== connection) return;
    slot.restartIdleLimit(this.#manager.profile, this.#manager.clock, () => {
      slot.end();
      void resetOrUnpower(slot, undefined, dispositions.SCARD_RESET_CARD);
      this.#manager.wake();
    });
  }
}
