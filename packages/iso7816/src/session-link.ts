import type { CardChannel } from './channel.ts';
import { type CommandApdu, encodeCommand, Ins } from './command.ts';
import { CardResetError } from './errors.ts';
import { toHex } from './hex.ts';
import { decodeResponse, type ResponseApdu } from './response.ts';
import { fileIdentifier, isSelectDf, isSelectEf, SELECT_DF, SELECT_EF } from './select-command.ts';
import { SelectedFile } from './selected-file.ts';
import type { SessionScope, TransmitOptions } from './session-scope.ts';
import type { ShortIds } from './short-ids.ts';
import { Sw } from './status.ts';

/** How one command of a session is sent. */
interface LinkOptions extends TransmitOptions {
  /** Sends it in another way than through the channel: by a keypad, which adds the PIN. */
  readonly by?: (command: Uint8Array) => Promise<Uint8Array>;
}

/** Reads and selections: what may be sent again after a reset, since it changes nothing and costs nothing. */
const REPEATABLE: ReadonlySet<number> = new Set([Ins.SELECT, Ins.READ_BINARY, Ins.READ_RECORD, Ins.GET_DATA]);

/** Most times the locking command is sent again, when every try meets one more reset. */
const MAX_LOCK_ROUNDS = 3;

/**
 * The commands of one session on their way to the card, what is selected there, and what happens after somebody else's
 * reset:
 *
 * - The channel is recovered in every case, so that the locking command and the next caller reach the card.
 * - A session that only selected and read is put back: application and EF are selected again, and the command that met
 *   the reset is sent once more. Nothing else is ever sent twice.
 * - Any other session is lost: a PIN counts as not verified for use, and as still verified for locking. What it may
 *   still do is lock the card, and begin anew: select an application, ask how many tries are left, and be given a PIN
 *   once more by its caller. Until that one is accepted everything else is refused with the error of the reset.
 */
export class SessionLink {
  readonly file: SelectedFile;
  readonly #channel: CardChannel;
  readonly #scope: SessionScope;
  #application: Uint8Array | undefined;
  #applicationUncertain = false;
  #irreproducible = false;
  #lost: CardResetError | undefined;

  constructor(channel: CardChannel, shortIds: ShortIds, scope: SessionScope) {
    this.#channel = channel;
    this.#scope = scope;
    this.file = new SelectedFile((command) => this.send(command), shortIds);
  }

  /** The selected application, by its AID in hexadecimal; undefined when none is known to be. */
  get application(): string | undefined {
    return this.#application && toHex(this.#application);
  }

  /**
   * Whether the SELECT of an application failed, and none has succeeded since: the one before it may still be current, and
   * have an EF of the same identifier. At the start of a session it is the caller who knows.
   */
  get isApplicationUncertain(): boolean {
    return this.#applicationUncertain;
  }

  /** Names the selected application, or none; then no EF is selected either. */
  setApplication(aid: Uint8Array | undefined): void {
    this.#application = aid && Uint8Array.from(aid);
    this.#applicationUncertain = aid === undefined;
    this.file.forget();
  }

  /** From here on the card has a state that selecting does not bring back: a PIN was sent, or a caller's own command. */
  markIrreproducible(): void {
    this.#irreproducible = true;
  }

  /**
   * Sends one command and resolves with its answer, whatever the status word.
   *
   * @throws {CardResetError} when the session is lost to a reset, and what the channel throws;
   *   {@link MalformedResponseError} when the answer is no response APDU.
   */
  async send(command: Uint8Array, options: LinkOptions = {}): Promise<ResponseApdu> {
    this.#scope.assertOpen(options);
    if (this.#lost !== undefined && !this.#mayFollowLoss(command, options)) throw this.#lost;
    try {
      const answer = options.by ? decodeResponse(await options.by(command)) : await this.#exchange(command);
      if ((carriesPin(command) || options.by) && answer.sw === Sw.OK) this.#lost = undefined;
      return answer;
    } catch (error) {
      if (error instanceof CardResetError) return this.#afterReset(error, command, options);
      // After a removal nothing is selected any more.
      this.file.forget();
      throw error;
    }
  }

  async #exchange(command: Uint8Array): Promise<ResponseApdu> {
    return decodeResponse(await this.#channel.transmit(command));
  }

  async #afterReset(reset: CardResetError, command: Uint8Array, options: LinkOptions): Promise<ResponseApdu> {
    const application = this.#application;
    const file = this.file.take();
    this.setApplication(undefined);
    // Until the command has succeeded: whatever goes wrong below, nothing may be done as if nothing had happened.
    const lostBefore = this.#lost;
    this.#lost ??= reset;
    if (this.#channel.recover === undefined) throw reset;
    await this.#channel.recover();
    if (isSelectDf(command) && options.evenIfAborted) return this.#lock(command, reset);
    if (!this.#mayBeRepeated(command, application)) throw reset;
    try {
      this.#scope.assertOpen(options);
      if (application !== undefined) {
        await this.#selectAgain(reset, { ...SELECT_DF, data: application });
        this.setApplication(application);
      }
      if (file?.selected) await this.#selectAgain(reset, { ...SELECT_EF, data: fileIdentifier(file.id) });
      this.#scope.assertOpen(options);
      const answer = await this.#exchange(command);
      this.#lost = lostBefore;
      this.file.putBack(file);
      return answer;
    } catch (error) {
      this.setApplication(undefined);
      // The second one is reported; but whoever locks the card now must reach it.
      if (error instanceof CardResetError) await this.#channel.recover();
      throw error;
    }
  }

  /** The locking command must reach the card, even if resets follow one another; it changes nothing else. */
  async #lock(command: Uint8Array, reset: CardResetError): Promise<ResponseApdu> {
    for (let round = 0; round < MAX_LOCK_ROUNDS; round++) {
      try {
        return await this.#exchange(command);
      } catch (error) {
        if (!(error instanceof CardResetError)) throw error;
        await this.#channel.recover?.();
      }
    }
    throw reset;
  }

  #mayBeRepeated(command: Uint8Array, application: Uint8Array | undefined): boolean {
    if (this.#irreproducible || command[0] !== 0 || !REPEATABLE.has(command[1] ?? 0)) return false;
    // Without an application of its own the session does not know what the command was meant for.
    return application !== undefined || isSelectDf(command);
  }

  async #selectAgain(reset: CardResetError, command: CommandApdu): Promise<void> {
    const { sw } = await this.#exchange(encodeCommand(command));
    if (sw !== Sw.OK) throw reset;
  }

  #mayFollowLoss(command: Uint8Array, { evenIfAborted = false }: LinkOptions): boolean {
    if (evenIfAborted || isSelectDf(command)) return true;
    return this.#application !== undefined && (command[1] === Ins.VERIFY || isSelectEf(command));
  }
}

/** VERIFY with data; without it is the question for the tries left. */
function carriesPin(command: Uint8Array): boolean {
  return command[1] === Ins.VERIFY && command.length > 4;
}
