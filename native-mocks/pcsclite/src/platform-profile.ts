import { scardCodes } from './scard.ts';

export type PlatformName = 'linux' | 'windows' | 'macos';

/** Something known about a platform's PC/SC, and where that is written or was seen. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: string;
}

/** What is known to differ between the PC/SC implementations. Everything else behaves alike in the mock. */
export interface PlatformProfile {
  readonly name: PlatformName;
  /** Milliseconds a transaction may be idle before the card is reset; undefined: for ever. */
  readonly idleTransactionLimit: Sourced<number | undefined>;
  /** How a direct connection counts beside others: like an exclusive one, like a shared one, or without any limit. */
  readonly directActsAs: Sourced<'exclusive' | 'shared' | 'unlimited'>;
  /**
   * Active protocol of a direct connection that asked for T=0 or T=1, SCARD_PROTOCOL_… bits; `active` is what another
   * connection has agreed on with the card, or none.
   */
  readonly directProtocol: Sourced<number | 'active'>;
  /** Whether a removed reader also ends the context of those who were connected through it. */
  readonly removedReaderEndsContext: Sourced<boolean>;
  /** What a call on a connection says when its reader is gone. */
  readonly removedReaderCode: Sourced<number>;
  /** What an old connection says after its card was removed and a card is in again. */
  readonly reinsertedCardCode: Sourced<number>;
  /** What a command says whose card is taken away meanwhile; `empty` is success without a byte. */
  readonly removedInCommand: Sourced<number | 'empty'>;
  /** Whether the service ends with the last reader, and comes back with the next one. */
  readonly serviceNeedsReader: Sourced<boolean>;
  /** Whether arrivals of readers can be waited for; without that, programs ask every second. */
  readonly readerNotification: Sourced<boolean>;
  /** Whether the state of a reader counts insertions and removals. */
  readonly countsEvents: Sourced<boolean>;
  /** What callers hear from a service that went away: those that wait, those that call, and after it is back. */
  readonly serviceGone: Sourced<{
    readonly waiting: number;
    readonly calling: number;
    readonly restarted: number;
  }>;
  /** What follows the words in the addon's error text. */
  readonly errorTextEnd: Sourced<string>;
  /** What SCARD_CTL_CODE makes of a number. */
  readonly controlCode: Sourced<(code: number) => number>;
}

const WICG = 'WICG/web-smart-card, behavioral-differences.md';
const ADDON = 'pcsclite 1.0.1, source of the addon';
const SEEN = 'seen with pcscd 2.3 and vpcd in our own tests';
const PCSC_LITE = 'pcsc-lite, PCSC/src/winscard.c';
const NOT_KNOWN_TO_DIFFER = 'not known to differ from Linux';

const unixControlCode = {
  value: (code: number): number => 0x42000000 + code,
  source: 'pcsc-lite, reader.h, SCARD_CTL_CODE',
};

const linux: PlatformProfile = {
  name: 'linux',
  idleTransactionLimit: { value: undefined, source: `${WICG}, startTransaction` },
  directActsAs: { value: 'shared', source: SEEN },
  directProtocol: { value: 'active', source: SEEN },
  removedReaderEndsContext: { value: false, source: `${WICG}, status` },
  removedReaderCode: { value: scardCodes.READER_UNAVAILABLE, source: PCSC_LITE },
  reinsertedCardCode: { value: scardCodes.REMOVED_CARD, source: SEEN },
  removedInCommand: { value: 'empty', source: SEEN },
  serviceNeedsReader: { value: false, source: SEEN },
  readerNotification: { value: true, source: 'pcsc-lite, SCardGetStatusChange' },
  countsEvents: { value: true, source: 'pcsc-lite, SCardGetStatusChange' },
  serviceGone: {
    value: {
      waiting: scardCodes.COMM_ERROR,
      calling: scardCodes.NO_SERVICE,
      restarted: scardCodes.INVALID_HANDLE,
    },
    source: SEEN,
  },
  errorTextEnd: { value: '', source: ADDON },
  controlCode: unixControlCode,
};

const windows: PlatformProfile = {
  name: 'windows',
  idleTransactionLimit: {
    value: 5_000,
    source: `${WICG}, startTransaction; Microsoft, SCardBeginTransaction, remarks`,
  },
  directActsAs: { value: 'exclusive', source: `${WICG}, connect` },
  directProtocol: { value: 2, source: `${WICG}, connect` },
  removedReaderEndsContext: { value: true, source: `${WICG}, status` },
  removedReaderCode: { value: scardCodes.SERVICE_STOPPED, source: `${WICG}, status` },
  reinsertedCardCode: { value: scardCodes.REMOVED_CARD, source: `${WICG}, status` },
  removedInCommand: { value: scardCodes.REMOVED_CARD, source: 'Microsoft, Smart Card Return Values' },
  serviceNeedsReader: {
    value: true,
    source:
      'Microsoft, "What\'s New in Smart Cards", start and stop behavior; LudovicRousseau/pyscard #27, #74',
  },
  readerNotification: { value: true, source: 'Microsoft, SCardGetStatusChange, remarks' },
  countsEvents: {
    value: true,
    source: 'L. Rousseau, "OS X El Capitan missing feature: ... number of card events", 2015-12-17',
  },
  serviceGone: {
    value: {
      waiting: scardCodes.SERVICE_STOPPED,
      calling: scardCodes.SERVICE_STOPPED,
      restarted: scardCodes.SERVICE_STOPPED,
    },
    source: 'LudovicRousseau/pyscard #27, #74, #75',
  },
  errorTextEnd: {
    value: '\r\n',
    source: 'FormatMessage in the addon; PeculiarVentures/fortify #421 shows such a text',
  },
  controlCode: { value: (code: number): number => (0x31 << 16) | (code << 2), source: ADDON },
};

const macos: PlatformProfile = {
  ...linux,
  name: 'macos',
  directActsAs: { value: 'unlimited', source: `${WICG}, connect` },
  directProtocol: { value: 3, source: `${WICG}, connect` },
  removedReaderCode: { value: scardCodes.READER_UNAVAILABLE, source: `${WICG}, status` },
  reinsertedCardCode: { value: scardCodes.RESET_CARD, source: `${WICG}, status` },
  removedInCommand: { value: scardCodes.NOT_TRANSACTED, source: 'CCID driver, IFDHTransmitToICC' },
  serviceNeedsReader: { value: false, source: NOT_KNOWN_TO_DIFFER },
  readerNotification: {
    value: false,
    source: 'L. Rousseau, "OS X El Capitan missing feature: ... PnP Notification", 2015-12-19',
  },
  countsEvents: {
    value: false,
    source: 'L. Rousseau, "OS X El Capitan missing feature: ... number of card events", 2015-12-17',
  },
  serviceGone: { value: linux.serviceGone.value, source: NOT_KNOWN_TO_DIFFER },
};

/** The three platforms. Only `linux` was compared with a real service; the other two are what their sources say. */
export const platformProfiles: Readonly<Record<PlatformName, PlatformProfile>> = { linux, windows, macos };
