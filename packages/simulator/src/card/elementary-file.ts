import type { KeyObject } from 'node:crypto';

/**
 * What opens a file or a key: nothing is needed (`free`), nothing that is known opens it (`never`), or any one of some
 * PINs and codes of the same application, by their file identifiers.
 */
export type Access = 'free' | 'never' | readonly number[];

/** An EF that READ BINARY reads. `contents` resolves with all physical bytes, filler included. */
export interface TransparentFile {
  readonly kind: 'transparent';
  readonly access: Access;
  contents(): Promise<Uint8Array>;
}

/** An EF that READ RECORD reads. Each record is a simple-TLV object, tag and length included (card-protocol.md 1.3). */
export interface RecordFile {
  readonly kind: 'records';
  readonly access: Access;
  records(): Promise<readonly Uint8Array[]>;
}

/** An internal EF with a PIN (暗証番号) or a code (照合番号). */
export interface PinFile {
  readonly kind: 'pin';
  readonly digitsOnly: boolean;
  /** Characters, at least and at most. */
  readonly length: readonly [least: number, most: number];
  /** What a fresh card has, ASCII; empty where nobody knows it. */
  readonly secret: string;
  readonly maxTries: number;
  /** Tries left on a fresh card. */
  readonly triesLeft: number;
  /** The command that changes it: `00 24` or JICSAP's `80 32` (card-protocol.md 3.5); absent where none does. */
  readonly change?: 'change-reference-data' | 'change-key';
}

/** An internal EF with a private key, for `80 2A` or for INTERNAL AUTHENTICATE `00 88`. */
export interface KeyFile {
  readonly kind: 'key';
  readonly use: 'signature' | 'authentication';
  readonly access: Access;
  privateKey(): Promise<KeyObject>;
}

/** An internal EF of which nothing is known but that it is there. */
export interface OpaqueFile {
  readonly kind: 'opaque';
}

export type ElementaryFile = TransparentFile | RecordFile | PinFile | KeyFile | OpaqueFile;

/** The EFs of an application by file identifier. */
export type FileSystem = ReadonlyMap<number, ElementaryFile>;

/** An EF whose contents are made when it is first read. */
export function transparentFile(access: Access, contents: () => Promise<Uint8Array>): TransparentFile {
  let bytes: Uint8Array | undefined;
  const once = async () => {
    bytes ??= await contents();
    return bytes;
  };
  return { kind: 'transparent', access, contents: once };
}

/** A PIN or code file of a fresh card; `triesLeft` is the maximum unless it is given. */
export function pinFile(
  secret: string,
  settings: Omit<PinFile, 'kind' | 'secret' | 'triesLeft'> & { readonly triesLeft?: number | undefined },
): PinFile {
  const { triesLeft = settings.maxTries, ...rest } = settings;
  return { kind: 'pin', secret, ...rest, triesLeft };
}

/** `content` in a file of `size` bytes: the rest is FF (card-protocol.md 1.3). Longer content has no filler. */
export function filled(content: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, content.length)).fill(0xff);
  bytes.set(content);
  return bytes;
}
