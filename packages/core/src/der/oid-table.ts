import type { DerReader } from './reader.ts';
import { objectIdentifier } from './writer.ts';

/**
 * A few object identifiers and what they mean, looked up without decoding or copying anything: on the hot path an
 * identifier is compared as the bytes it stands as.
 */
export class OidTable<T> {
  readonly #entries: readonly { readonly contents: Uint8Array; readonly meaning: T }[];

  /** @param entries dotted decimals and their meaning. */
  constructor(entries: Iterable<readonly [dotted: string, meaning: T]>) {
    this.#entries = Array.from(entries, ([dotted, meaning]) => ({ contents: oidContents(dotted), meaning }));
  }

  /** The meaning of the object identifier that `reader` stands on, or `undefined`. */
  find(reader: DerReader): T | undefined {
    for (const { contents, meaning } of this.#entries) if (standsOn(reader, contents)) return meaning;
    return undefined;
  }
}

/** Whether `reader` stands on an element with these contents. */
export function standsOn({ bytes, start, end }: DerReader, contents: Uint8Array): boolean {
  const length = contents.length;
  if (end - start !== length) return false;
  // From the end: identifiers of one family differ there.
  for (let i = length - 1; i >= 0; i--) if (bytes[start + i] !== contents[i]) return false;
  return true;
}

/** Content octets of an object identifier. */
export function oidContents(dotted: string): Uint8Array {
  return objectIdentifier(dotted).subarray(2);
}
