/** What an element is made of: bytes as they are, and elements that are still to be written. */
export type Part = Uint8Array | Outline;

/**
 * An element that knows its length before it is written. A tree of them is written once, into one piece of memory;
 * built from encoded parts, the innermost bytes would be copied once per level.
 */
export class Outline {
  readonly #tag: number;
  readonly #parts: readonly Part[];
  readonly #contentsLength: number;
  /** Length with identifier and length octets, in bytes. */
  readonly length: number;

  constructor(tag: number, ...parts: readonly Part[]) {
    let length = 0;
    for (const part of parts) length += part.length;
    this.#tag = tag;
    this.#parts = parts;
    this.#contentsLength = length;
    this.length = headerLength(length) + length;
  }

  /** The element in DER. */
  encode(): Uint8Array {
    const bytes = new Uint8Array(this.length);
    this.#write(bytes, 0);
    return bytes;
  }

  /** Writes the element from `offset` on and returns where it ends. */
  #write(bytes: Uint8Array, offset: number): number {
    let at = writeHeader(bytes, offset, this.#tag, this.#contentsLength);
    for (const part of this.#parts) {
      if (part instanceof Outline) at = part.#write(bytes, at);
      else {
        bytes.set(part, at);
        at += part.length;
      }
    }
    return at;
  }
}

/** Identifier and length octets alone, for contents that are written elsewhere (a large file). `length` in bytes. */
export function elementHeader(tag: number, length: number): Uint8Array {
  const bytes = new Uint8Array(headerLength(length));
  writeHeader(bytes, 0, tag, length);
  return bytes;
}

function headerLength(length: number): number {
  let octets = 0;
  if (length > 0x7f) for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) octets++;
  return 2 + octets;
}

/** Writes identifier and length octets from `offset` on and returns where they end. */
function writeHeader(bytes: Uint8Array, offset: number, tag: number, length: number): number {
  const end = offset + headerLength(length);
  bytes[offset] = tag;
  bytes[offset + 1] = length > 0x7f ? 0x80 | (end - offset - 2) : length;
  for (let at = end - 1, rest = length; at > offset + 1; at--, rest = Math.floor(rest / 0x100))
    bytes[at] = rest % 0x100;
  return end;
}
