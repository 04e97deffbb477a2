/**
 * A recorded exchange between a program and a card. What must not be known is not in it: where secret or personal
 * bytes were, there is a {@link Placeholder}, and nothing in this package can turn one back into bytes.
 */
export interface Trace {
  readonly header: TraceHeader;
  /** In the order of time. */
  readonly entries: readonly TraceEntry[];
}

/** Facts about the session. One line of text each; a field that is unknown is absent. */
export interface TraceHeader {
  readonly title?: string;
  /** Answer to reset, bytes. */
  readonly atr?: Uint8Array;
  readonly protocol?: 'T=0' | 'T=1';
  readonly reader?: string;
  /** The program that spoke to the card, and its version. */
  readonly software?: string;
  /** Kind of card, as `jpki status` says it, or in words. */
  readonly card?: string;
  /** Whether the card's holder exists: the data of an `invented` one (a virtual card) stay readable. */
  readonly holder?: Holder;
  /** Where the bytes come from: a person's own card, a virtual card, a publication with its place. */
  readonly source?: string;
  /** How they were obtained: recorded, imported from a log, composed by hand from documented values. */
  readonly obtained?: string;
  /** Beginning of the recording. */
  readonly recorded?: Date;
  /** Every other field, in the order of the file. */
  readonly more?: readonly { readonly name: string; readonly value: string }[];
}

/** Whose card it is. */
export type Holder = 'person' | 'invented';

/** One line of a trace, or several where the bytes are many. */
export type TraceEntry =
  | HeadingEntry
  | NoteEntry
  | CommandEntry
  | ResponseEntry
  | EventEntry
  | GivenTimeEntry
  | GivenNonceEntry;

interface Placed {
  /** Number of its first line in the text, from 1; absent before it was written. */
  readonly line?: number;
}

/** `== text`: what the commands that follow are for. */
export interface HeadingEntry extends Placed {
  readonly type: 'heading';
  readonly text: string;
}

/** `# text` after the header: a remark for readers. */
export interface NoteEntry extends Placed {
  readonly type: 'note';
  readonly text: string;
}

/** `> bytes`: a command APDU. */
export interface CommandEntry extends Placed {
  readonly type: 'command';
  readonly bytes: MaskedBytes;
}

/** `< bytes @12.5ms`: the response APDU to the command before it. */
export interface ResponseEntry extends Placed {
  readonly type: 'response';
  readonly bytes: MaskedBytes;
  /** Milliseconds from command to response, to a tenth. */
  readonly milliseconds?: number;
}

/** `! removed`: what happened to the card. */
export interface EventEntry extends Placed {
  readonly type: 'event';
  /** `failed` is any other failure of the link; `code` says which. */
  readonly event: 'connected' | 'removed' | 'reset' | 'closed' | 'failed';
  /** Code of the link's error: ERR_PCSC_TIMEOUT. */
  readonly code?: string;
}

/** `* now 2026-11-21T03:00:00.000Z`: the program asked for the time. */
export interface GivenTimeEntry extends Placed {
  readonly type: 'now';
  readonly time: Date;
}

/** `* nonce A1B2…`: the program asked for random bytes that the card was to see. */
export interface GivenNonceEntry extends Placed {
  readonly type: 'nonce';
  readonly bytes: Uint8Array;
}

/** Bytes and what stands for bytes, in order; no two byte strings side by side, none empty. */
export type MaskedBytes = readonly (Uint8Array | Placeholder)[];

/** Stands for bytes that were not written down: `{pin:4}`, `{certificate:256:9F3A61C2D4E5B607}`. */
export interface Placeholder {
  readonly type: PlaceholderType;
  /** Bytes it stands for; replay takes as many. */
  readonly length: number;
  /**
   * Tells equal bytes within one trace, and nothing else: the first 8 bytes of an HMAC-SHA256 under a key that was made
   * for the recording and forgotten. A plain hash of twelve digits would be no secret. Never with a PIN, nor with fewer
   * than 8 bytes: of digits that were read one by one it would make a cipher.
   */
  readonly mark?: Uint8Array;
}

/**
 * What the bytes were. `pin`: a PIN, password or 照合番号. `personal`: of the holder. `certificate`: a part of one of the
 * holder's certificates. `signature`: by a key of the card. `data`: of unknown meaning, so taken for the worst.
 */
export type PlaceholderType = 'pin' | 'personal' | 'certificate' | 'signature' | 'data';
