import type { SecretReference } from '../secret-reference.ts';

/**
 * What a file or data object holds, seen by somebody who wants to show an exchange without showing a person:
 *
 * - `public`: the same on every card of a kind, or on every card of a CA.
 * - `personal`: says who the holder is, or how they look.
 * - `certificate`: one of the holder's certificates.
 * - `identifying`: tells this card from others, or where its holder lives. Treat it like `personal`.
 * - `pin`, `key`: a secret that no command reads.
 *
 * The map is deny-by-default: what it does not list is of unknown meaning, so taken for the worst.
 */
export type Holds = 'public' | 'personal' | 'certificate' | 'identifying' | 'pin' | 'key';

/** An application of the card (AP): ISO/IEC 7816-4 calls it a DF with a name. */
export interface MappedApplication {
  /** DF name, up to 16 bytes. */
  readonly aid: Uint8Array;
  /** Short English name: `JPKI`. */
  readonly name: string;
  /** Official Japanese name: 公的個人認証AP. */
  readonly japaneseName: string;
  readonly files: readonly MappedFile[];
  /** What GET DATA reads while this application is selected. */
  readonly dataObjects: readonly MappedDataObject[];
}

/** An elementary file (EF). */
export interface MappedFile {
  /** Identifier, 16 bits; its low five bits are also its short identifier (card-protocol.md 1.3). */
  readonly id: number;
  readonly name: string;
  readonly japaneseName: string;
  readonly holds: Holds;
  /** Bytes of a file that is always as long: what would lie beyond them, nobody knows. */
  readonly length?: number;
  /** Parts that hold something else than the file does; in order, not overlapping. */
  readonly parts?: readonly MappedPart[];
  /** Which secret a `pin` file is. */
  readonly reference?: SecretReference;
  /** Tries of a fresh counter of a `pin` file. */
  readonly maxTries?: number;
}

/** A part of a transparent EF. */
export interface MappedPart {
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset after its last byte. */
  readonly end: number;
  readonly name: string;
  readonly japaneseName: string;
  readonly holds: Holds;
}

/** A data object that GET DATA reads. */
export interface MappedDataObject {
  /** Tag, 16 bits: P1 and P2 of GET DATA. */
  readonly tag: number;
  readonly name: string;
  readonly japaneseName: string;
  readonly holds: Holds;
}
