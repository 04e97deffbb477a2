import { Ins, isNeverRepeated } from '@jpki/iso7816';

/** Class of this card's own commands, the only one in which CHANGE KEY of JICSAP is a PIN command (card-protocol.md 3.5). */
const PROPRIETARY_CLASS = 0x80;

/** Commands that carry another command: ENVELOPE, and GET RESPONSE, which has no data of its own. */
const TUNNELS: ReadonlySet<number> = new Set([Ins.GET_RESPONSE, Ins.ENVELOPE]);

/** Class of commands to the reader itself (PC/SC part 3, 3.2). */
const READER_CLASS = 0xff;

/**
 * What a reader does by itself for cards without APDUs (PC/SC part 3, 3.2.2): LOAD KEYS 82, GENERAL AUTHENTICATE 86 and 88,
 * READ BINARY B0, GET DATA CA, UPDATE BINARY D6; and SELECT A4 of a FeliCa service. Every other one may pass its data on to
 * the card: 00 does at most readers, C2 in transparent sessions, and makers have more, like 50 of the RC-S300.
 */
const READER_COMMANDS: ReadonlySet<number> = new Set([0x82, 0x86, 0x88, 0xa4, 0xb0, 0xca, 0xd6]);

/**
 * Whether the command carries a PIN, or may carry a command that does. Looked at as bytes, since a card may run what
 * does not decode; whatever the class says: logical channel, chaining or secure messaging, with encrypted data too.
 */
export function mayCarryPin(command: Uint8Array): boolean {
  const [cla = 0, ins = 0] = command;
  const even = ins & 0xfe;
  if (cla === READER_CLASS && !READER_COMMANDS.has(even) && command.length > 5) return true;
  if (TUNNELS.has(even)) return command.length > 5;
  if (even === Ins.VERIFY) return !asksTriesLeft(command);
  return isNeverRepeated(Uint8Array.of(PROPRIETARY_CLASS, ins));
}

/**
 * Whether the command is a VERIFY without data, which asks how many tries are left and spends none: a header alone, or
 * one with Le 00, what T=0 makes of it on its way (ISO/IEC 7816-3:2006, 12.2.1).
 */
export function asksTriesLeft(command: Uint8Array): boolean {
  const isVerify = ((command[1] ?? 0) & 0xfe) === Ins.VERIFY;
  return isVerify && (command.length <= 4 || (command.length === 5 && command[4] === 0));
}
