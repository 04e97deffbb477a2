import { ApduFormatError, type CommandHeader } from './errors.ts';

/** A command APDU, decoded (ISO/IEC 7816-4:2020, 5.2). */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  /** Command data field, 1 to 65,535 bytes; absent in cases 1 and 2. */
  readonly data?: Uint8Array | undefined;
  /** Ne, the most response bytes wanted: 1 to 256 short, up to 65,536 extended; absent in cases 1 and 3. */
  readonly le?: number | undefined;
  /** Forces extended length fields where short ones would do. */
  readonly extended?: boolean | undefined;
}

/** Instruction bytes of ISO/IEC 7816-4 and -8 that this package sends, or takes care of. */
export const Ins = {
  VERIFY: 0x20,
  CHANGE_REFERENCE_DATA: 0x24,
  DISABLE_VERIFICATION: 0x26,
  ENABLE_VERIFICATION: 0x28,
  SECURITY_OPERATION: 0x2a,
  RESET_RETRY_COUNTER: 0x2c,
  EXTERNAL_AUTHENTICATE: 0x82,
  GENERAL_AUTHENTICATE: 0x86,
  INTERNAL_AUTHENTICATE: 0x88,
  SELECT: 0xa4,
  READ_BINARY: 0xb0,
  READ_RECORD: 0xb2,
  GET_RESPONSE: 0xc0,
  ENVELOPE: 0xc2,
  GET_DATA: 0xca,
} as const;

/** CHANGE KEY of JICSAP, class 80: the other way this card changes a PIN (card-protocol.md 3.5). */
export const JICSAP_CHANGE_KEY = 0x32;

/** Largest Ne and Nc of short length fields (ISO/IEC 7816-4:2020, 5.2). */
export const SHORT_NE = 256;
const SHORT_NC = 255;

/** The same of extended length fields. */
export const EXTENDED_NE = 65_536;
const EXTENDED_NC = 65_535;

/**
 * Encodes a command in one exactly sized buffer: the four cases of ISO/IEC 7816-3, short or extended.
 * Extended fields are used when the lengths need them or `extended` asks for them.
 *
 * @throws {RangeError} when a header byte, the data or `le` is out of range (a programming mistake).
 */
export function encodeCommand(command: CommandApdu): Uint8Array {
  const { cla, ins, p1, p2, data, le } = command;
  const nc = data?.length ?? 0;
  checkRanges(command, nc);
  const extended = command.extended === true || nc > SHORT_NC || (le ?? 0) > SHORT_NE;
  const lcSize = nc === 0 ? 0 : extended ? 3 : 1;
  const leSize = le === undefined ? 0 : extended ? (nc === 0 ? 3 : 2) : 1;
  // Not pooled: a command may carry a PIN, and the pool would keep a copy beside strangers' bytes.
  const bytes = new Uint8Array(4 + lcSize + nc + leSize);
  bytes.set([cla, ins, p1, p2]);
  let at = 4;
  if (data !== undefined && nc > 0) {
    if (extended) bytes.set([0, nc >> 8, nc & 0xff], at);
    else bytes[at] = nc;
    at += lcSize;
    bytes.set(data, at);
    at += nc;
  }
  if (le !== undefined) {
    // Le 00 (or 0000) means the largest value of its form.
    if (extended) bytes.set([(le >> 8) & 0xff, le & 0xff], bytes.length - 2);
    else bytes[at] = le & 0xff;
  }
  return bytes;
}

function checkRanges({ cla, ins, p1, p2, le }: CommandApdu, nc: number): void {
  for (const byte of [cla, ins, p1, p2]) {
    if (!Number.isInteger(byte) || byte < 0 || byte > 0xff)
      throw new RangeError('CLA, INS, P1 and P2 are bytes');
  }
  if (nc > EXTENDED_NC) throw new RangeError(`a command carries at most ${EXTENDED_NC} bytes`);
  if (le !== undefined && (!Number.isInteger(le) || le < 1 || le > EXTENDED_NE)) {
    throw new RangeError(`le must lie between 1 and ${EXTENDED_NE}`);
  }
}

/**
 * Decodes a command. `data` is a view on `bytes`, not a copy.
 *
 * @throws {ApduFormatError} when the length fields do not fit the number of bytes.
 */
export function decodeCommand(bytes: Uint8Array): CommandApdu {
  const [cla, ins, p1, p2, first] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) {
    throw new ApduFormatError('a command APDU has at least four bytes');
  }
  const header = { cla, ins, p1, p2 };
  if (first === undefined) return header;
  const body = bytes.subarray(4);
  return first === 0 && body.length > 1 ? decodeExtended(header, body) : decodeShort(header, body, first);
}

function decodeShort(header: CommandHeader, body: Uint8Array, first: number): CommandApdu {
  if (body.length === 1) return { ...header, le: first || SHORT_NE };
  const rest = body.length - 1 - first;
  const data = body.subarray(1, 1 + first);
  if (rest === 0) return { ...header, data };
  if (rest === 1) return { ...header, data, le: (body.at(-1) ?? 0) || SHORT_NE };
  throw new ApduFormatError('Lc does not fit the length of the command');
}

function decodeExtended(header: CommandHeader, body: Uint8Array): CommandApdu {
  if (body.length < 3) throw new ApduFormatError('an extended length field has three bytes');
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const length = view.getUint16(1);
  if (body.length === 3) return { ...header, le: length || EXTENDED_NE, extended: true };
  const rest = body.length - 3 - length;
  if (length === 0 || (rest !== 0 && rest !== 2)) {
    throw new ApduFormatError('extended Lc does not fit the length of the command');
  }
  const data = body.subarray(3, 3 + length);
  if (rest === 0) return { ...header, data, extended: true };
  return { ...header, data, le: view.getUint16(3 + length) || EXTENDED_NE, extended: true };
}

/** Commands whose data field is a PIN (ISO/IEC 7816-4:2020, 11.6). */
const TAKE_PIN: ReadonlySet<number> = new Set([
  Ins.VERIFY,
  Ins.CHANGE_REFERENCE_DATA,
  Ins.DISABLE_VERIFICATION,
  Ins.ENABLE_VERIFICATION,
  Ins.RESET_RETRY_COUNTER,
]);

/** Commands that use a key, try a secret that is no PIN, or carry a command that may do any of this. */
const USE_KEY: ReadonlySet<number> = new Set([
  Ins.SECURITY_OPERATION,
  Ins.EXTERNAL_AUTHENTICATE,
  Ins.GENERAL_AUTHENTICATE,
  Ins.INTERNAL_AUTHENTICATE,
  Ins.ENVELOPE,
]);

/**
 * Whether a command may never be sent a second time by itself: VERIFY, CHANGE REFERENCE DATA (CHANGE KEY), ENABLE and
 * DISABLE VERIFICATION REQUIREMENT and RESET RETRY COUNTER can each cost a PIN try. Every layer and every recovery path
 * asks this before it repeats anything.
 */
export function isNeverRepeated(command: Uint8Array): boolean {
  const ins = evenIns(command);
  const isProprietary = ((command[0] ?? 0) & 0x80) !== 0;
  return TAKE_PIN.has(ins) || (isProprietary && ins === JICSAP_CHANGE_KEY);
}

/** Class of commands to a reader (PC/SC part 3, 3.2), which may pass their data field on to the card. */
const READER_CLASS = 0xff;

/** Whether a command costs something each time it is sent, or may: a PIN try, or the use of a key. */
export function isSentOnce(command: Uint8Array): boolean {
  const mayBePassedOn = command[0] === READER_CLASS && command.length > 5;
  return mayBePassedOn || isNeverRepeated(command) || USE_KEY.has(evenIns(command));
}

/** Bit 1 of INS says that the data field is BER-TLV (ISO/IEC 7816-4:2020, 5.4.2): 21, 25 and 2D are 20, 24 and 2C. */
function evenIns(command: Uint8Array): number {
  return (command[1] ?? 0) & 0xfe;
}
