import type { CardChannel } from './channel.ts';
import { type CommandApdu, encodeCommand, Ins } from './command.ts';
import { PinOutcomeUnknownError, StatusWordError } from './errors.ts';
import { type Pin, takePinBytes } from './pin.ts';
import { readBerFile, readWholeFile } from './read-binary.ts';
import { decodeResponse, type ResponseApdu } from './response.ts';
import { describeStatusWord, type StatusWord, Sw, triesLeftFrom } from './status.ts';

/** P2 of VERIFY and CHANGE REFERENCE DATA: the reference data in the currently selected EF (JICSAP v1.1, 7.3). */
const CURRENT_EF = 0x80;

export interface TransmitOptions {
  /** Send although the signal was aborted: for the command that locks the card on the way out. */
  readonly evenIfAborted?: boolean;
}

/** A time alone with the card: the commands of ISO/IEC 7816-4, and what is selected. Made by `Card.exclusive`. */
export class CardSession {
  readonly #channel: CardChannel;
  readonly #features: { extendedLe: boolean };
  readonly #signal: AbortSignal | undefined;
  #currentEf: number | undefined;
  #ended = false;

  constructor(channel: CardChannel, features: { extendedLe: boolean }, signal: AbortSignal | undefined) {
    this.#channel = channel;
    this.#features = features;
    this.#signal = signal;
  }

  /** Ends the session; every later command is refused. Called by `Card.exclusive`. */
  end(): void {
    this.#ended = true;
  }

  /**
   * Sends one command and resolves with whatever status word came.
   *
   * @throws `signal.reason` before sending when aborted; {@link LinkError} when the link fails;
   * {@link MalformedResponseError} when the answer is no response APDU.
   */
  async transmit(command: CommandApdu, options: TransmitOptions = {}): Promise<ResponseApdu> {
    this.#assertOpen(options);
    return decodeResponse(await this.#channel.transmit(encodeCommand(command)));
  }

  /** Sends one command and resolves with its response data. @throws {StatusWordError} for any word but 9000. */
  async execute(command: CommandApdu, options: TransmitOptions = {}): Promise<Uint8Array> {
    const { data, sw } = await this.transmit(command, options);
    if (sw !== Sw.OK) throw statusWordError(sw, command);
    return data;
  }

  /** SELECT by DF name, no response data: `00 A4 04 0C`. @throws {StatusWordError} 6A82 when it is not there. */
  async selectDf(aid: Uint8Array, options: TransmitOptions = {}): Promise<void> {
    this.#currentEf = undefined;
    await this.execute({ cla: 0x00, ins: Ins.SELECT, p1: 0x04, p2: 0x0c, data: aid }, options);
  }

  /** SELECT EF under the current DF: `00 A4 02 0C`. @throws {StatusWordError} 6A82 when it is not there. */
  async selectEf(id: number): Promise<void> {
    this.#currentEf = undefined;
    const data = Uint8Array.of(id >> 8, id & 0xff);
    await this.execute({ cla: 0x00, ins: Ins.SELECT, p1: 0x02, p2: 0x0c, data });
    this.#currentEf = id;
  }

  /** Reads the selected transparent EF to its end, filler included; at most 64 KiB. */
  readFile(): Promise<Uint8Array> {
    return readWholeFile(this, this.#features);
  }

  /**
   * Reads the selected EF as far as the one data object at its start goes (a DER certificate, a 券面 record),
   * with the fewest commands: the first answer tells the length.
   *
   * @throws {TlvFormatError} when the file does not begin with a data object, or is shorter than it says.
   */
  readObject(): Promise<Uint8Array> {
    return readBerFile(this, this.#features);
  }

  /**
   * Asks how many tries the PIN in EF `id` has left: VERIFY **without data**, which spends none.
   *
   * @returns 0 to 15, or `verified` where a card answers 9000 because the PIN is already verified.
   * @throws {StatusWordError} for every other word: then nothing is known, and no PIN may be sent.
   */
  async triesLeft(id: number): Promise<number | 'verified'> {
    this.#assertSelected(id);
    const command = { cla: 0x00, ins: Ins.VERIFY, p1: 0x00, p2: CURRENT_EF };
    const { sw } = await this.transmit(command);
    if (sw === Sw.OK) return 'verified';
    const tries = triesLeftFrom(sw);
    if (tries === undefined) throw statusWordError(sw, command);
    return tries;
  }

  /**
   * VERIFY: spends the PIN on EF `id`, once. The only place in the code base that sends a PIN for verification.
   *
   * @throws {StatusWordError} for any word but 9000; {@link PinOutcomeUnknownError} when the answer was lost.
   */
  async verify(id: number, pin: Pin): Promise<void> {
    await this.#sendPin(id, Ins.VERIFY, 0x00, pin);
  }

  async #sendPin(id: number, ins: number, p1: number, pin: Pin): Promise<void> {
    this.#assertSelected(id);
    this.#assertOpen({});
    const header = { cla: 0x00, ins, p1, p2: CURRENT_EF };
    const data = takePinBytes(pin);
    let command: Uint8Array | undefined;
    let answer: ResponseApdu;
    try {
      // An empty PIN would be the query; Pin's format check refuses it, and so does this line.
      if (data.length === 0) throw new TypeError('an empty PIN is never sent');
      command = encodeCommand({ ...header, data });
      answer = await this.#transmitPin(command);
    } finally {
      data.fill(0);
      command?.fill(0);
    }
    if (answer.sw !== Sw.OK) throw statusWordError(answer.sw, header);
  }

  async #transmitPin(command: Uint8Array): Promise<ResponseApdu> {
    try {
      return decodeResponse(await this.#channel.transmit(command));
    } catch (cause) {
      throw new PinOutcomeUnknownError(cause);
    }
  }

  #assertOpen({ evenIfAborted = false }: TransmitOptions): void {
    if (this.#ended)
      throw new TypeError('this card session has ended; commands belong inside Card.exclusive');
    if (!evenIfAborted) this.#signal?.throwIfAborted();
  }

  /** P2 = 80 means "the selected EF": a PIN must never meet one that a failed SELECT left current (security.md T3). */
  #assertSelected(id: number): void {
    if (this.#currentEf !== id) throw new TypeError('select the EF of the PIN before asking or verifying it');
  }
}

function statusWordError(sw: StatusWord, command: CommandApdu): StatusWordError {
  return new StatusWordError(sw, command, describeStatusWord(sw).en);
}
