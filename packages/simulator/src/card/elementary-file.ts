import type { KeyObject } from 'node:crypto';
import type { CertificateKind } from '../test-pki/names.ts';

/** What opens a file or a key: nothing, one of the two PINs, or nothing that is known. */
export type Access = 'free' | CertificateKind | 'never';

/** An EF that READ BINARY reads. `contents` resolves with all physical bytes, filler included. */
export interface TransparentFile {
  readonly kind: 'transparent';
  readonly access: Access;
  contents(): Promise<Uint8Array>;
}

/** An internal EF with a PIN (暗証番号). */
export interface PinFile {
  readonly kind: 'pin';
  readonly reference: CertificateKind;
}

/** An internal EF with a private key. */
export interface KeyFile {
  readonly kind: 'key';
  readonly access: Access;
  privateKey(): Promise<KeyObject>;
}

/** An internal EF of which nothing is known but that it is there. */
export interface OpaqueFile {
  readonly kind: 'opaque';
}

export type ElementaryFile = TransparentFile | PinFile | KeyFile | OpaqueFile;

/** The EFs of an application by file identifier. */
export type FileSystem = ReadonlyMap<number, ElementaryFile>;
