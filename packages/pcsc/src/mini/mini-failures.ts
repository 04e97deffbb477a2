import { ScardFailure } from '../binding.ts';

/**
 * SCARD codes behind the names that pcsc-mini gives as `code` of an error. Source of the numbers: pcsc-lite,
 * `pcsclite.h`, "Error codes", and Microsoft, "Authentication return values", for those that only Windows has.
 */
const SCARD_CODES: ReadonlyMap<string, number> = new Map([
  ['InternalError', 0x80100001],
  ['Cancelled', 0x80100002],
  ['InvalidHandle', 0x80100003],
  ['InvalidParameter', 0x80100004],
  ['InvalidTarget', 0x80100005],
  ['NoMemory', 0x80100006],
  ['WaitedTooLong', 0x80100007],
  ['InsufficientBuffer', 0x80100008],
  ['UnknownReader', 0x80100009],
  ['Timeout', 0x8010000a],
  ['SharingViolation', 0x8010000b],
  ['NoSmartCard', 0x8010000c],
  ['UnknownCard', 0x8010000d],
  ['CantDispose', 0x8010000e],
  ['ProtoMismatch', 0x8010000f],
  ['NotReady', 0x80100010],
  ['InvalidValue', 0x80100011],
  ['SystemCancelled', 0x80100012],
  ['CommError', 0x80100013],
  ['UnknownError', 0x80100014],
  ['InvalidAtr', 0x80100015],
  ['NotTransacted', 0x80100016],
  ['ReaderUnavailable', 0x80100017],
  ['Shutdown', 0x80100018],
  ['PciTooSmall', 0x80100019],
  ['ReaderUnsupported', 0x8010001a],
  ['DuplicateReader', 0x8010001b],
  ['CardUnsupported', 0x8010001c],
  ['NoService', 0x8010001d],
  ['ServiceStopped', 0x8010001e],
  // One name for two numbers: Windows has 0x80100022 for it.
  ['UnsupportedFeature', 0x8010001f],
  ['DirNotFound', 0x80100023],
  ['FileNotFound', 0x80100024],
  ['NoDir', 0x80100025],
  ['NoFile', 0x80100026],
  ['NoAccess', 0x80100027],
  ['WriteTooMany', 0x80100028],
  ['BadSeek', 0x80100029],
  ['InvalidChv', 0x8010002a],
  ['UnknownResMng', 0x8010002b],
  ['NoSuchCertificate', 0x8010002c],
  ['CertificateUnavailable', 0x8010002d],
  ['NoReadersAvailable', 0x8010002e],
  ['CommDataLost', 0x8010002f],
  ['NoKeyContainer', 0x80100030],
  ['ServerTooBusy', 0x80100031],
  ['UnsupportedCard', 0x80100065],
  ['UnresponsiveCard', 0x80100066],
  ['UnpoweredCard', 0x80100067],
  ['ResetCard', 0x80100068],
  ['RemovedCard', 0x80100069],
  ['SecurityViolation', 0x8010006a],
  ['WrongChv', 0x8010006b],
  ['ChvBlocked', 0x8010006c],
  ['Eof', 0x8010006d],
  ['CancelledByUser', 0x8010006e],
  ['CardNotAuthenticated', 0x8010006f],
  // Codes of Windows itself: access denied (5), and the reader's driver that is gone (22).
  ['AccessDenied', 0x80100027],
  ['BadCommand', 0x80100017],
  // A code that the addon does not know; it prints the number itself.
  ['UnboundError', 0x80100014],
  // The addon's own: a connection that was closed, a call too early, and its room for four connections.
  ['NoCardConnection', 0x80100003],
  ['CardIsBusy', 0x80100001],
  ['TransactionAlreadyInProgress', 0x80100001],
  ['TooManyCardConnections', 0x80100006],
  ['TooManyConnectRequests', 0x80100006],
]);

/** The failure behind an error of the addon; an error that is none of PC/SC comes back as it is. */
export function miniFailure(error: unknown, call: string): unknown {
  const name = error instanceof Error && 'code' in error ? error.code : undefined;
  const scardCode = typeof name === 'string' ? SCARD_CODES.get(name) : undefined;
  return scardCode === undefined ? error : new ScardFailure(scardCode, call, error);
}
