import { type Struct, struct, viewOf, writeNumber } from './struct.ts';

/**
 * The messages of pcscd's socket that this client speaks. Source: pcsc-lite, `src/winscard_msg.h` of 1.9.9
 * (protocol 4:4), 2.4.1 (4:5) and 2.5.1 (4:6); who answers what and when: `src/winscard_svc.c` of the same. The
 * service answers a message with the same structure, filled in; `rv` is its SCARD code, 0 for success.
 */
export interface Message<Field extends string = string> extends Struct<Field> {
  readonly command: number;
  /** The PC/SC function it serves, for errors. */
  readonly call: string;
}

/** `struct rxHeader`, before every request and before no answer. */
export const HEADER: Struct<'size' | 'command'> = struct({ size: 4, command: 4 });

/** `MAX_READERNAME`, with the closing zero byte (pcsc-lite, `pcsclite.h`). */
export const READER_NAME_SIZE = 128;

/** `MAX_BUFFER_SIZE`: most bytes of an attribute (pcsc-lite, `pcsclite.h`). */
export const ATTRIBUTE_SIZE = 264;

/** `MAX_BUFFER_SIZE_EXTENDED`: most bytes to and from a card or reader in one call (pcsc-lite, `pcsclite.h`). */
export const LONGEST_DATA = 65_548;

const NUMBER = 4;

function message<const Fields extends Readonly<Record<string, number>>>(
  command: number,
  call: string,
  fields: Fields,
): Message<keyof Fields & string> {
  return { command, call, ...struct(fields) };
}

export const VERSION: Message<'major' | 'minor' | 'rv'> = message(0x11, 'SCardEstablishContext', {
  major: NUMBER,
  minor: NUMBER,
  rv: NUMBER,
});

export const ESTABLISH: Message<'scope' | 'context' | 'rv'> = message(0x01, 'SCardEstablishContext', {
  scope: NUMBER,
  context: NUMBER,
  rv: NUMBER,
});

export const RELEASE: Message<'context' | 'rv'> = message(0x02, 'SCardReleaseContext', {
  context: NUMBER,
  rv: NUMBER,
});

export const CONNECT: Message<'context' | 'reader' | 'share' | 'protocols' | 'card' | 'protocol' | 'rv'> =
  message(0x04, 'SCardConnect', {
    context: NUMBER,
    reader: READER_NAME_SIZE,
    share: NUMBER,
    protocols: NUMBER,
    card: NUMBER,
    protocol: NUMBER,
    rv: NUMBER,
  });

export const RECONNECT: Message<'card' | 'share' | 'protocols' | 'disposition' | 'protocol' | 'rv'> = message(
  0x05,
  'SCardReconnect',
  { card: NUMBER, share: NUMBER, protocols: NUMBER, disposition: NUMBER, protocol: NUMBER, rv: NUMBER },
);

export const DISCONNECT: Message<'card' | 'disposition' | 'rv'> = message(0x06, 'SCardDisconnect', {
  card: NUMBER,
  disposition: NUMBER,
  rv: NUMBER,
});

export const BEGIN: Message<'card' | 'rv'> = message(0x07, 'SCardBeginTransaction', {
  card: NUMBER,
  rv: NUMBER,
});

export const END: Message<'card' | 'disposition' | 'rv'> = message(0x08, 'SCardEndTransaction', {
  card: NUMBER,
  disposition: NUMBER,
  rv: NUMBER,
});

/** Followed by the command in the request and, on success, by the response of the card in the answer. */
export const TRANSMIT: Message<
  | 'card'
  | 'sendProtocol'
  | 'sendHeaderLength'
  | 'sendLength'
  | 'receiveProtocol'
  | 'receiveHeaderLength'
  | 'receiveLength'
  | 'rv'
> = message(0x09, 'SCardTransmit', {
  card: NUMBER,
  sendProtocol: NUMBER,
  sendHeaderLength: NUMBER,
  sendLength: NUMBER,
  receiveProtocol: NUMBER,
  receiveHeaderLength: NUMBER,
  receiveLength: NUMBER,
  rv: NUMBER,
});

/** Followed by the input in the request and, on success, by the output in the answer. */
export const CONTROL: Message<'card' | 'code' | 'sendLength' | 'receiveLength' | 'returned' | 'rv'> = message(
  0x0a,
  'SCardControl',
  { card: NUMBER, code: NUMBER, sendLength: NUMBER, receiveLength: NUMBER, returned: NUMBER, rv: NUMBER },
);

/** Tells whether the card is still the one that was connected to; what it is, the reader states tell. */
export const STATUS: Message<'card' | 'rv'> = message(0x0b, 'SCardStatus', { card: NUMBER, rv: NUMBER });

export const GET_ATTRIBUTE: Message<'card' | 'id' | 'value' | 'length' | 'rv'> = message(
  0x0f,
  'SCardGetAttrib',
  { card: NUMBER, id: NUMBER, value: ATTRIBUTE_SIZE, length: NUMBER, rv: NUMBER },
);

/** `CMD_GET_READERS_STATE`, answered with 16 reader states. Up to 4:5, and for clients that announced no more. */
export const READER_STATES: Message<never> = message(0x12, 'SCardListReaders', {});

/**
 * `CMD_WAIT_READER_STATE_CHANGE`. Up to 4:5 answered with 16 reader states, at 4:6 not at all; when something
 * changes, once and unasked, with {@link CHANGED}.
 */
export const WAIT_FOR_CHANGE: Message<never> = message(0x13, 'SCardGetStatusChange', {});

/** `CMD_STOP_WAITING_READER_STATE_CHANGE`, answered with {@link CHANGED} unless one is under way already. */
export const STOP_WAITING: Message<never> = message(0x14, 'SCardCancel', {});

/** `struct wait_reader_state_change`: not sent by a client. */
export const CHANGED: Message<'timeout' | 'rv'> = message(0x13, 'SCardGetStatusChange', {
  timeout: NUMBER,
  rv: NUMBER,
});

/** `CMD_GET_READERS_STATE_SIZE`, since 4:6: answered with the number of reader states, without an `rv`. */
export const READER_STATES_COUNT: Message<never> = message(0x16, 'SCardListReaders', {});

/** `CMD_GET_READERS_STATE_ARRAY`, since 4:6: answered with as many reader states. */
export const ALL_READER_STATES: Message<never> = message(0x17, 'SCardListReaders', {});

/** A request: header, structure with the given numbers and zeros, and room for `extra` bytes of data. */
export function request<Field extends string>(
  message: Message<Field>,
  numbers: Partial<Readonly<Record<Field, number>>>,
  extra = 0,
): Uint8Array {
  const bytes = new Uint8Array(HEADER.size + message.size + extra);
  writeRequest(bytes, message, numbers);
  return bytes;
}

/** Writes header and numbers to the beginning of `bytes`; what is not named stays as it is. */
export function writeRequest<Field extends string>(
  bytes: Uint8Array,
  message: Message<Field>,
  numbers: Partial<Readonly<Record<Field, number>>>,
): void {
  const view = viewOf(bytes);
  writeNumber(view, HEADER.offsets.size, message.size);
  writeNumber(view, HEADER.offsets.command, message.command);
  for (const field in numbers) {
    const value = numbers[field];
    if (value !== undefined) writeNumber(view, HEADER.size + message.offsets[field], value);
  }
}
