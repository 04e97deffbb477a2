import type { CommandApdu } from './command.ts';
import { Ins } from './command.ts';
import { CardLimitError, StatusWordError, TlvFormatError } from './errors.ts';
import type { ResponseApdu } from './response.ts';
import { describeStatusWord, Sw } from './status.ts';

/** Most bytes read from one file (security.md T9); the largest known file is about 20 KB (the 券面 face record). */
const MAX_FILE_LENGTH = 65_536;

/** Most READ BINARY commands for one file: the 256 that 64 KiB need, doubled for cards that answer short. */
const MAX_READS = 512;

/** Largest offset of READ BINARY with P1-P2 as offset (ISO/IEC 7816-4:2020, 11.2.3: 15 bits). */
const MAX_OFFSET = 0x7fff;

const SHORT_NE = 256;
const EXTENDED_NE = 65_536;

/** What reading needs of a session. */
interface Transmitter {
  transmit(command: CommandApdu): Promise<ResponseApdu>;
}

interface Features {
  extendedLe: boolean;
}

/** Reads the current EF until the card says it ends (6B00, 6282, or an empty answer). */
export async function readWholeFile(card: Transmitter, features: Features): Promise<Uint8Array> {
  const reader = new FileReader(card, features);
  while (!reader.atEnd) await reader.read(SHORT_NE);
  return reader.bytes();
}

/** Reads the current EF as far as the data object at its start goes; the first piece tells how far that is. */
export async function readBerFile(card: Transmitter, features: Features): Promise<Uint8Array> {
  const reader = new FileReader(card, features);
  await reader.read(SHORT_NE);
  while (!reader.atEnd && reader.length < 2) await reader.read(SHORT_NE);
  let wanted = objectLength(reader.bytes());
  while (wanted === undefined && !reader.atEnd) {
    await reader.read(SHORT_NE);
    wanted = objectLength(reader.bytes());
  }
  if (wanted === undefined) throw new TlvFormatError('the file does not begin with a data object');
  if (wanted > MAX_FILE_LENGTH)
    throw new CardLimitError(`a file of ${wanted} bytes exceeds the limit of ${MAX_FILE_LENGTH}`);
  while (reader.length < wanted) {
    if (reader.atEnd) throw new TlvFormatError('the file ends before the data object at its start does');
    await reader.read(Math.min(SHORT_NE, wanted - reader.length));
  }
  return reader.bytes().slice(0, wanted);
}

/** Total length of the data object that `head` begins with, or `undefined` while its length field is incomplete. */
function objectLength(head: Uint8Array): number | undefined {
  let at = 0;
  const first = head[at++];
  if (first === undefined) return undefined;
  if ((first & 0x1f) === 0x1f) {
    while ((head[at] ?? 0) & 0x80) at++;
    at++;
  }
  const length = head[at++];
  if (length === undefined) return undefined;
  if (length <= 0x7f) return at + length;
  const count = length & 0x7f;
  // 80 (indefinite) and more than four length bytes (FF filler among them) are no data object of this card.
  if (count === 0 || count > 4) throw new TlvFormatError('the file does not begin with a data object');
  if (head.length < at + count) return undefined;
  return head.subarray(at, at + count).reduce((sum, byte) => sum * 0x100 + byte, 0) + at + count;
}

/** Reads one file piece by piece, whatever piece sizes the card chooses. */
class FileReader {
  readonly #card: Transmitter;
  readonly #features: Features;
  readonly #parts: Uint8Array[] = [];
  #reads = 0;
  length = 0;
  atEnd = false;

  constructor(card: Transmitter, features: Features) {
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
    this.atEnd = sw === Sw.OFFSET_OUTSIDE_FILE || sw === 0x6282 || data.length === 0;
    if (sw !== Sw.OK && !this.atEnd) throw new StatusWordError(sw, command, describeStatusWord(sw).en);
    if (sw === Sw.OFFSET_OUTSIDE_FILE && this.length === 0)
      throw new StatusWordError(sw, command, describeStatusWord(sw).en);
    this.#parts.push(data);
    this.length += data.length;
    if (this.length > MAX_FILE_LENGTH)
      throw new CardLimitError(`a file exceeds the limit of ${MAX_FILE_LENGTH} bytes`);
  }

  async #transmit(command: CommandApdu, shortNe: number): Promise<ResponseApdu> {
    if (!this.#features.extendedLe) return this.#card.transmit({ ...command, le: shortNe });
    const answer = await this.#card.transmit({ ...command, le: EXTENDED_NE, extended: true });
    if (answer.sw !== Sw.WRONG_LENGTH) return answer;
    this.#features.extendedLe = false;
    return this.#card.transmit({ ...command, le: shortNe });
  }

  bytes(): Uint8Array {
    const [only, ...more] = this.#parts;
    if (only !== undefined && more.length === 0) return only;
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.#parts.splice(0, this.#parts.length, bytes);
    return bytes;
  }
}
