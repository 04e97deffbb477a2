/** Names, numbers and bits of PC/SC, as pcsc-lite's `pcsclite.h` and Windows' `winscard.h` have them. */

/** Result codes a mock can give, by their name without `SCARD_E_`, `SCARD_F_` and `SCARD_W_`. */
export const scardCodes = {
  CANCELLED: 0x80100002,
  INVALID_HANDLE: 0x80100003,
  INVALID_PARAMETER: 0x80100004,
  INSUFFICIENT_BUFFER: 0x80100008,
  UNKNOWN_READER: 0x80100009,
  TIMEOUT: 0x8010000a,
  SHARING_VIOLATION: 0x8010000b,
  NO_SMARTCARD: 0x8010000c,
  PROTO_MISMATCH: 0x8010000f,
  NOT_READY: 0x80100010,
  INVALID_VALUE: 0x80100011,
  COMM_ERROR: 0x80100013,
  NOT_TRANSACTED: 0x80100016,
  READER_UNAVAILABLE: 0x80100017,
  NO_SERVICE: 0x8010001d,
  SERVICE_STOPPED: 0x8010001e,
  UNSUPPORTED_FEATURE: 0x8010001f,
  NO_READERS_AVAILABLE: 0x8010002e,
  UNRESPONSIVE_CARD: 0x80100066,
  UNPOWERED_CARD: 0x80100067,
  RESET_CARD: 0x80100068,
  REMOVED_CARD: 0x80100069,
  ACCESS_DENIED: 0x8010006a,
} as const;

/** Name of a code in words: `Sharing violation.`; what the service's own text says in its own way. */
export function textOf(code: number): string {
  const [name] = Object.entries(scardCodes).find(([, value]) => value === code) ?? [];
  if (name === undefined) return 'Unknown error.';
  const words = name.toLowerCase().replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** The calls of PC/SC that the mock knows; each can be made to fail, and each is recorded. */
export type ScardCall =
  | 'SCardEstablishContext'
  | 'SCardReleaseContext'
  | 'SCardListReaders'
  | 'SCardGetStatusChange'
  | 'SCardCancel'
  | 'SCardConnect'
  | 'SCardReconnect'
  | 'SCardDisconnect'
  | 'SCardBeginTransaction'
  | 'SCardEndTransaction'
  | 'SCardTransmit'
  | 'SCardControl'
  | 'SCardGetAttrib'
  | 'SCardStatus';

/** What SCardStatus says of a card, in the bits of pcsc-lite. */
export const cardStates = {
  SCARD_ABSENT: 0x02,
  SCARD_PRESENT: 0x04,
  SCARD_POWERED: 0x10,
  SCARD_NEGOTIABLE: 0x20,
} as const;

/** Bits of a reader's state; the upper 16 bits count insertions and removals. */
export const readerStates = {
  SCARD_STATE_UNAWARE: 0x0000,
  SCARD_STATE_IGNORE: 0x0001,
  SCARD_STATE_CHANGED: 0x0002,
  SCARD_STATE_UNKNOWN: 0x0004,
  SCARD_STATE_UNAVAILABLE: 0x0008,
  SCARD_STATE_EMPTY: 0x0010,
  SCARD_STATE_PRESENT: 0x0020,
  SCARD_STATE_ATRMATCH: 0x0040,
  SCARD_STATE_EXCLUSIVE: 0x0080,
  SCARD_STATE_INUSE: 0x0100,
  SCARD_STATE_MUTE: 0x0200,
} as const;

export const shareModes = {
  SCARD_SHARE_EXCLUSIVE: 1,
  SCARD_SHARE_SHARED: 2,
  SCARD_SHARE_DIRECT: 3,
} as const;

/** RAW is 4 in pcsc-lite; Windows has 0x10000 for it. */
export const protocols = { SCARD_PROTOCOL_T0: 1, SCARD_PROTOCOL_T1: 2, SCARD_PROTOCOL_RAW: 4 } as const;

export const dispositions = {
  SCARD_LEAVE_CARD: 0,
  SCARD_RESET_CARD: 1,
  SCARD_UNPOWER_CARD: 2,
  SCARD_EJECT_CARD: 3,
} as const;

/** The constants that the addon puts on every reader object. */
export const addonConstants: Readonly<Record<string, number>> = {
  ...shareModes,
  ...protocols,
  ...readerStates,
  ...dispositions,
};

/** Tag of SCardGetAttrib for the answer to reset (PC/SC part 3, 3.1.2). */
export const SCARD_ATTR_ATR_STRING = 0x00090303;

/** Name under which PC/SC reports arrivals and departures of readers. */
export const PNP_NOTIFICATION = '\\\\?PnP?\\Notification';

/** A call that failed, as C would return it. */
export class ScardCallError extends Error {
  override readonly name = 'ScardCallError';
  readonly call: ScardCall;
  /** Unsigned 32 bits. */
  readonly scardCode: number;

  constructor(call: ScardCall, scardCode: number) {
    super(`${call}: ${textOf(scardCode)}`);
    this.call = call;
    this.scardCode = scardCode;
  }
}
