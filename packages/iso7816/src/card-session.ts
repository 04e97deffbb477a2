import type { CardMemory } from './card-memory.ts';
import { type CardChannel, type Circumstances, TODAY } from './channel.ts';
import { type CommandApdu, encodeCommand, Ins, isNeverRepeated } from './command.ts';
import { getData } from './get-data.ts';
import type { Pin, PinFormat } from './pin.ts';
import {
  changeOnPad,
  type PinCarrier,
  type PinChangeForm,
  type PinProtection,
  sendChange,
  sendVerify,
  verifyOnPad,
} from './pin-command.ts';
import type { PinPad } from './pin-pad.ts';
import { type FileTransmitter, readBerFile, readFirstPiece, readWholeFile } from './read-binary.ts';
import { readRecord } from './read-record.ts';
import type { ResponseApdu } from './response.ts';
import { SELECT_DF } from './select-command.ts';
import type { SelectedFile } from './selected-file.ts';
import { SessionLink } from './session-link.ts';
import { SessionScope, type TransmitOptions } from './session-scope.ts';
import { Sw, triesLeftFrom } from './status.ts';
import { statusWordError } from './status-word-error.ts';

/**
 * A time alone with the card: the commands of ISO/IEC 7816-4, and what is selected. Made by `Card.exclusive`.
 *
 * Somebody else's reset of the card goes unnoticed by a session that only selects and reads: what was selected is
 * selected again, and the command is sent once more. After a PIN, or a command through {@link transmit}, it is a
 * `CardResetError`: nothing is repeated, and all the session can do is lock the card or begin anew with a PIN.
 *
 * Commands are awaited one by one. A call while another is under way is refused with a `TypeError`: two SELECTs
 * at once would leave open which file the next command meets. Only the one that locks the card waits for its turn.
 */
export class CardSession {
  /** Where the time and the challenges of this exchange come from: see `Card.circumstances`. */
  readonly circumstances: Circumstances;
  readonly #memory: CardMemory;
  readonly #scope: SessionScope;
  readonly #link: SessionLink;
  readonly #file: SelectedFile;

  constructor(channel: CardChannel, memory: CardMemory, signal: AbortSignal | undefined) {
    this.circumstances = channel.circumstances ?? TODAY;
    this.#memory = memory;
    this.#scope = new SessionScope(signal);
    this.#link = new SessionLink(channel, memory.shortIds, this.#scope);
    this.#file = this.#link.file;
  }

  /** Ends the session: later commands are refused, and one that nobody awaited is waited for. For `Card.exclusive`. */
  end(): Promise<void> {
    return this.#scope.end();
  }

  /**
   * Sends one command and resolves with whatever status word came. The session does not look into it, so the EF
   * of a PIN must be selected again ({@link selectEf}) before the PIN is asked about or verified.
   *
   * @throws `signal.reason` before sending when aborted; {@link LinkError} when the link fails;
   * {@link MalformedResponseError} when the answer is no response APDU; `TypeError` for a command that carries a PIN.
   */
  async transmit(command: CommandApdu, options: TransmitOptions = {}): Promise<ResponseApdu> {
    const bytes = encodeCommand(command);
    if (isNeverRepeated(bytes) && bytes.length > 4) throw new TypeError('a PIN is sent by `verify` only');
    return this.#scope.alone(async () => {
      // The command may mean the selected EF.
      await this.#file.ready({ bySelect: true });
      this.#file.forget();
      this.#link.markIrreproducible();
      return this.#link.send(bytes, options);
    }, options);
  }

  /** Sends one command and resolves with its response data. @throws {StatusWordError} for any word but 9000. */
  async execute(command: CommandApdu, options: TransmitOptions = {}): Promise<Uint8Array> {
    const { data, sw } = await this.transmit(command, options);
    if (sw !== Sw.OK) throw statusWordError(sw, command);
    return data;
  }

  /** SELECT by DF name, no response data: `00 A4 04 0C`. @throws {StatusWordError} 6A82 when it is not there. */
  async selectDf(aid: Uint8Array, options: TransmitOptions = {}): Promise<void> {
    await this.#scope.alone(async () => {
      this.#link.setApplication(undefined);
      const { sw } = await this.#link.send(encodeCommand({ ...SELECT_DF, data: aid }), options);
      if (sw !== Sw.OK) throw statusWordError(sw, SELECT_DF);
      this.#link.setApplication(aid);
    }, options);
  }

  /**
   * SELECT EF under the current DF: `00 A4 02 0C`. Where short identifiers are wanted ({@link CardOptions}) the command
   * is put off, and may turn out needless.
   *
   * @throws {StatusWordError} 6A82 when it is not there; `RangeError` when `id` is no 16-bit number.
   */
  async selectEf(id: number): Promise<void> {
    if (!Number.isInteger(id) || id < 0 || id > 0xffff)
      throw new RangeError('a file identifier has two bytes');
    await this.#scope.alone(() => this.#file.select(id));
  }

  /**
   * P2 by which a command of the caller's own means the EF that was selected last: 80 for the current EF, or 80 plus a
   * short identifier that was proven.
   */
  efReference(): Promise<number> {
    return this.#scope.alone(async () => {
      const p2 = await this.#file.ready();
      this.#file.forget();
      return p2;
    });
  }

  /** Reads the selected transparent EF to its end, filler included; at most 64 KiB. */
  readFile(): Promise<Uint8Array> {
    return this.#scope.alone(() => readWholeFile(this.#reading, this.#memory));
  }

  /**
   * Reads the selected EF as far as the one data object at its start goes (a DER certificate, a 券面 record),
   * with the fewest commands: the first answer tells the length.
   *
   * @throws {TlvFormatError} when the file does not begin with a data object, or is shorter than it says.
   */
  readObject(): Promise<Uint8Array> {
    return this.#scope.alone(() => readBerFile(this.#reading, this.#memory));
  }

  /** The first READ BINARY of the selected EF: up to 256 bytes, the whole of a file that is shorter. */
  readStart(length = 256): Promise<Uint8Array> {
    return this.#scope.alone(() => readFirstPiece(this.#reading, length));
  }

  /** READ RECORD of the selected EF: record `number`, from 1. @throws {StatusWordError} 6A83 past the last one. */
  async readRecord(number: number): Promise<Uint8Array> {
    return this.#scope.alone(async () => {
      await this.#file.ready({ bySelect: true });
      return readRecord(this.#reading, number);
    });
  }

  /** GET DATA: the data object `tag`, 16 bits. @throws {StatusWordError} 6A88 or 6A82 when there is none. */
  getData(tag: number): Promise<Uint8Array> {
    return this.#scope.alone(() => getData(this.#reading, tag));
  }

  /**
   * Asks how many tries the PIN in EF `id` has left: VERIFY **without data**, which spends none.
   *
   * @returns 0 to 15, or `verified` where a card answers 9000 because the PIN is already verified.
   * @throws {StatusWordError} for every other word: then nothing is known, and no PIN may be sent.
   */
  async triesLeft(id: number): Promise<number | 'verified'> {
    return this.#scope.alone(async () => {
      this.#assertSelected(id);
      const command = { cla: 0x00, ins: Ins.VERIFY, p1: 0x00, p2: await this.#file.ready() };
      const { sw } = await this.#link.send(encodeCommand(command));
      if (sw === Sw.OK) return 'verified';
      const tries = triesLeftFrom(sw);
      if (tries === undefined) throw statusWordError(sw, command);
      return tries;
    });
  }

  /**
   * VERIFY: spends the PIN on EF `id`, once. The PIN is used up and overwritten in every case, sent or not.
   *
   * @throws {StatusWordError} for any word but 9000; {@link PinOutcomeUnknownError} when the answer was lost;
   * {@link PinRepeatedError} when the card refused this PIN before, and then nothing is sent; `signal.reason` or
   * `TypeError` (nothing selected, empty PIN) when it was not sent.
   */
  async verify(id: number, pin: Pin, protection?: PinProtection): Promise<void> {
    try {
      await this.#scope.alone(async () => sendVerify(await this.#carrier(id), pin, protection));
    } finally {
      pin[Symbol.dispose]();
    }
  }

  /**
   * Gives EF `id`, whose old PIN is verified, a new one. Used up and overwritten like the PIN of {@link verify}.
   *
   * @throws {StatusWordError} for any word but 9000: the old one stays; {@link PinOutcomeUnknownError} when the answer
   * was lost: either may be valid.
   */
  async change(id: number, pin: Pin, form: PinChangeForm): Promise<void> {
    try {
      await this.#scope.alone(async () => sendChange(await this.#carrier(id), pin, form));
    } finally {
      pin[Symbol.dispose]();
    }
  }

  /**
   * VERIFY on EF `id` with a PIN that the person types on a keypad and that never comes here. Sent once at most.
   *
   * @throws what {@link verify} throws; {@link PinPadError} when nothing was sent.
   */
  async verifyOnPad(id: number, pad: PinPad, format: PinFormat): Promise<void> {
    await this.#scope.alone(async () => verifyOnPad(await this.#carrier(id), pad, format));
  }

  /** Like {@link change}, with the new PIN typed on a keypad, twice. @throws {PinPadError} when nothing was sent. */
  async changeOnPad(
    id: number,
    pad: PinPad,
    options: { readonly format: PinFormat; readonly form: PinChangeForm },
  ): Promise<void> {
    await this.#scope.alone(async () => changeOnPad(await this.#carrier(id), pad, options));
  }

  async #carrier(id: number): Promise<PinCarrier> {
    this.#assertSelected(id);
    return {
      place: `${this.#link.application}/${id}`,
      p2: await this.#file.ready(),
      refusedPins: this.#memory.refusedPins,
      assertOpen: () => this.#scope.assertOpen(),
      send: (command) => {
        this.#link.markIrreproducible();
        return this.#link.send(command);
      },
      sendBy: (by, header) => {
        this.#link.markIrreproducible();
        return this.#link.send(header, { by });
      },
    };
  }

  /** What reading needs: the command without the rest of a session. */
  get #reading(): FileTransmitter {
    return {
      transmit: (command) => this.#link.send(encodeCommand(command)),
      transmitFirst: (command) => this.#file.transmitFirst(command),
    };
  }

  /** P2 = 80 means "the selected EF": a PIN must never meet one that a failed SELECT left current (security.md T3). */
  #assertSelected(id: number): void {
    if (this.#link.isApplicationUncertain)
      throw new TypeError('select the application of the PIN, which failed before');
    if (this.#file.id !== id) throw new TypeError('select the EF of the PIN before asking or verifying it');
  }
}
