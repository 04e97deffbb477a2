import { readTlv, readTlvs, type Tlv, TlvFormatError } from '@jpki/iso7816';
import { CardDataInvalidError } from './errors.ts';

/**
 * One record of a 券面 application: an outer data object with one object of each inner tag. Lengths may be written
 * longer than needed, and filler may follow (card-protocol.md 1.3).
 */
export class CardRecord {
  readonly #what: string;
  readonly #objects: readonly Tlv[];
  /** Position of the first inner object in the file. */
  readonly #start: number;

  private constructor(what: string, objects: readonly Tlv[], start: number) {
    this.#what = what;
    this.#objects = objects;
    this.#start = start;
  }

  /**
   * Reads the record at the start of a file.
   *
   * @param what names the file in errors, never its contents.
   * @throws {CardDataInvalidError} for another outer tag, or other inner tags than `tags` in that order.
   */
  static read(bytes: Uint8Array, what: string, outerTag: number, tags: readonly number[]): CardRecord {
    const value = CardRecord.readOuter(bytes, what, outerTag);
    const objects = objectsOf(value, what);
    if (objects.length !== tags.length || objects.some((object, at) => object.tag !== tags[at]))
      throw new CardDataInvalidError(`${what} does not have the data objects it must`);
    const [first] = objects;
    const start = (first ?? { encoded: value }).encoded.byteOffset - bytes.byteOffset;
    return new CardRecord(what, objects, start);
  }

  /** Value of the data object `outerTag` at the start of a file. @throws {CardDataInvalidError} for another one. */
  static readOuter(bytes: Uint8Array, what: string, outerTag: number): Uint8Array {
    const { tag, value } = tlvOf(bytes, what);
    if (tag !== outerTag) throw new CardDataInvalidError(`${what} has an unknown tag`);
    return value;
  }

  /** Value of the object `tag`, which is one of those asked for; of `length` bytes if that is given. */
  value(tag: number, length?: number): Uint8Array {
    const { value } = this.#object(tag);
    if (length !== undefined && value.length !== length)
      throw new CardDataInvalidError(
        `${this.#what} has a field of ${value.length} bytes instead of ${length}`,
      );
    return value;
  }

  /** The objects `tags` as they stand in the file, tag and length included: what signatures cover. */
  encoded(...tags: readonly number[]): Uint8Array {
    return Buffer.concat(tags.map((tag) => this.#object(tag).encoded));
  }

  /**
   * Checks the offset table in the object `tag`: 16-bit numbers, from the start of the file to every object after it.
   * No signature covers the table, and another reader may go by it.
   */
  checkOffsets(tag: number): void {
    const table = this.#object(tag);
    const expected: number[] = [];
    let at = this.#start;
    for (const object of this.#objects) {
      if (object !== table) expected.push(at >> 8, at & 0xff);
      at += object.encoded.length;
    }
    if (!Buffer.from(expected).equals(table.value))
      throw new CardDataInvalidError(`${this.#what} has a table of offsets that is wrong`);
  }

  #object(tag: number): Tlv {
    const object = this.#objects.find((candidate) => candidate.tag === tag);
    if (object === undefined) throw new TypeError(`${this.#what} was not read with this tag`);
    return object;
  }
}

function tlvOf(bytes: Uint8Array, what: string): Tlv {
  try {
    return readTlv(bytes);
  } catch (error) {
    throw malformed(error, what);
  }
}

function objectsOf(bytes: Uint8Array, what: string): Tlv[] {
  try {
    return readTlvs(bytes);
  } catch (error) {
    throw malformed(error, what);
  }
}

function malformed(error: unknown, what: string): unknown {
  return error instanceof TlvFormatError
    ? new CardDataInvalidError(`${what} is no data object`, error)
    : error;
}
