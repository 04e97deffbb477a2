import { concatBytes } from './bytes.ts';
import { type CommandApdu, EXTENDED_NE, Ins, SHORT_NE } from './command.ts';
import { CardLimitError, TlvFormatError } from './errors.ts';
import type { ResponseApdu } from './response.ts';
import { Sw } from './status.ts';
import { statusWordError } from './status-word-error.ts';
import { readTlvHeader, type TlvHeader } from './tlv.ts';

/** Most bytes read from one file (security.md T9); the largest known file is about 20 KB (the 券面 face record). */
const MAX_FILE_LENGTH = 65_536;

/** Most READ BINARY commands for one file: the 256 that 64 KiB need, doubled for cards that answer short. */
const MAX_READS = 512;

/** Largest offset of READ BINARY with P1-P2 as offset (ISO/IEC 7816-4:2020, 11.2.3: 15 bits). */
const MAX_OFFSET = 0x7fff;

/** What reading needs of a session. */
export interface FileTransmitter {
  transmit(command: CommandApdu): Promise<ResponseApdu>;
  /** The same for the first command that means the selected EF, which may go out with its short identifier. */
  transmitFirst(command: CommandApdu): Promise<ResponseApdu>;
}

interface Features {
  extendedLe: boolean;
}

/** Reads the current EF until the card says it ends (6B00, 6282, or an empty answer). */
export async function readWholeFile(card: FileTransmitter, features: Features): Promise<Uint8Array> {
  const reader = new FileReader(card, features);
  while (!reader.atEnd) await reader.read(SHORT_NE);
  return reader.bytes();
}

/** Reads the current EF as far as the data object at its start goes; the first piece tells how far that is. */
export async function readBerFile(card: FileTransmitter, features: Features): Promise<Uint8Array> {
  const reader = new FileReader(card, features);
  let header: TlvHeader | undefined;
  while (header === undefined) {
    if (reader.atEnd) throw new TlvFormatError('the file does not begin with a data object');
    await reader.read(SHORT_NE);
    header = readTlvHeader(reader.bytes());
  }
  const { tag, end } = header;
  // Tag 00 is filler (ISO/IEC 7816-4:2020, 6.3): an erased file, not an empty object.
  if (tag === 0) throw new TlvFormatError('the file does not begin with a data object');
  if (end > MAX_FILE_LENGTH)
    throw new CardLimitError(`a file of ${end} bytes exceeds the limit of ${MAX_FILE_LENGTH}`);
  while (reader.length < end) {
    if (reader.atEnd) throw new TlvFormatError('the file ends before the data object at its start does');
    await reader.read(Math.min(SHORT_NE, end - reader.length));
  }
  return reader.bytes().slice(0, end);
}

/** The first piece of the current EF, at most `length` bytes, in one READ BINARY. */
export async function readFirstPiece(card: FileTransmitter, length: number): Promise<Uint8Array> {
  const command = { cla: 0x00, ins: Ins.READ_BINARY, p1: 0, p2: 0, le: length };
  const { data, sw } = await card.transmitFirst(command);
  if (sw !== Sw.OK && sw !== Sw.END_OF_FILE) throw statusWordError(sw, command);
  return data;
}

/** Reads one file piece by piece, whatever piece sizes the card chooses. */
class FileReader {
  readonly #card: FileTransmitter;
  readonly #features: Features;
  readonly #parts: Uint8Array[] = [];
  #reads = 0;
  length = 0;
  atEnd = false;

  constructor(card: FileTransmitter, features: Features) {
    this.#card = card;
    this.#features = features;
  }

  async read(shortNe: number): Promise<void> {
    if (++this.#reads > MAX_READS)
      throw new CardLimitError(`a file was not read after ${MAX_READS} READ BINARY commands`);
    if (this.length > MAX_OFFSET) throw new CardLimitError(`a file goes on beyond offset ${MAX_OFFSET}`);
    const command = { cla: 0x00, ins: Ins.READ_BINARY, p1: this.length >> 8, p2: this.length & 0xff };
    const { data, sw } = await this.#transmit(command, shortNe);
    // Offset at the end: 6B00 by JICSAP, an empty 9000 on some; 6282 says "here is the rest" (card-protocol.md 1.3).
    const isPastEnd = sw === Sw.OFFSET_OUTSIDE_FILE && this.length > 0;
    if (sw !== Sw.OK && sw !== Sw.END_OF_FILE && !isPastEnd) throw statusWordError(sw, command);
    this.atEnd = sw !== Sw.OK || data.length === 0;
    this.#parts.push(data);
    this.length += data.length;
    if (this.length > MAX_FILE_LENGTH)
      throw new CardLimitError(`a file exceeds the limit of ${MAX_FILE_LENGTH} bytes`);
  }

  async #transmit(command: CommandApdu, shortNe: number): Promise<ResponseApdu> {
    const send = (sized: CommandApdu) =>
      this.length === 0 ? this.#card.transmitFirst(sized) : this.#card.transmit(sized);
    if (!this.#features.extendedLe) return send({ ...command, le: shortNe });
    const answer = await send({ ...command, le: EXTENDED_NE, extended: true });
    if (answer.sw !== Sw.WRONG_LENGTH) return answer;
    this.#features.extendedLe = false;
    return send({ ...command, le: shortNe });
  }

  /** What was read so far, as one array. */
  bytes(): Uint8Array {
    const [only, ...more] = this.#parts;
    if (only !== undefined && more.length === 0) return only;
    const bytes = concatBytes(this.#parts);
    this.#parts.splice(0, this.#parts.length, bytes);
    return bytes;
  }
}
