import {
  type Disposition,
  type Protocol,
  type ProtocolChoice,
  ScardFailure,
  type ShareMode,
} from '../binding.ts';

/*
 * Numbers of the PC/SC API that are passed to it or decided on here. Source: pcsc-lite, `pcsclite.h`; those of Windows
 * (`winscard.h`, `winerror.h`) are the same.
 */

export const SHARE_MODE: Readonly<Record<ShareMode, number>> = { exclusive: 1, shared: 2, direct: 3 };
export const DISPOSITION: Readonly<Record<Disposition, number>> = { leave: 0, reset: 1, unpower: 2 };
/** Bits of a mask. */
export const PROTOCOL: Readonly<Record<ProtocolChoice, number>> = { 'T=0': 1, 'T=1': 2, any: 3 };
/** For a direct connection: with it no protocol is chosen, and no card is needed. */
export const PROTOCOL_UNDEFINED = 0;
/** Bit of the mask that pcsc-lite's SCardStatus has as the state: the card has power. */
export const SCARD_POWERED = 0x0010;

/** What a connection may come to: without a choice any, and none to the reader itself, which needs no card. */
export function protocolsFor(share: ShareMode, choice: ProtocolChoice | undefined): number {
  if (choice === undefined && share === 'direct') return PROTOCOL_UNDEFINED;
  return PROTOCOL[choice ?? 'any'];
}

/** The protocol that a connection came to; undefined for a direct one. */
export function protocolOf(number: number): Protocol | undefined {
  if (number === PROTOCOL['T=0']) return 'T=0';
  return number === PROTOCOL['T=1'] ? 'T=1' : undefined;
}

export const SCARD_F_INTERNAL_ERROR = 0x80100001;
export const SCARD_E_CANCELLED = 0x80100002;
export const SCARD_E_INVALID_HANDLE = 0x80100003;
export const SCARD_E_NO_MEMORY = 0x80100006;
export const SCARD_E_INSUFFICIENT_BUFFER = 0x80100008;
export const SCARD_E_UNKNOWN_READER = 0x80100009;
export const SCARD_E_TIMEOUT = 0x8010000a;
export const SCARD_E_SHARING_VIOLATION = 0x8010000b;
export const SCARD_E_PROTO_MISMATCH = 0x8010000f;
export const SCARD_F_COMM_ERROR = 0x80100013;
export const SCARD_E_READER_UNAVAILABLE = 0x80100017;
export const SCARD_E_NO_SERVICE = 0x8010001d;
export const SCARD_E_SERVICE_STOPPED = 0x8010001e;
export const SCARD_E_NO_ACCESS = 0x80100027;
export const SCARD_E_NO_READERS_AVAILABLE = 0x8010002e;
export const SCARD_W_UNPOWERED_CARD = 0x80100067;
export const SCARD_W_SECURITY_VIOLATION = 0x8010006a;

/** Whether a call of the PC/SC API failed with this code. */
export function hasScardCode(error: unknown, scardCode: number): error is ScardFailure {
  return error instanceof ScardFailure && error.scardCode === scardCode;
}
