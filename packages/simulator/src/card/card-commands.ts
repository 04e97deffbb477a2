import { randomBytes } from 'node:crypto';
import {
  ApduFormatError,
  type CommandApdu,
  decodeCommand,
  encodeResponse,
  Ins,
  type StatusWord,
  Sw,
} from '@jpki/iso7816';
import { type CardState, Refusal } from './card-state.ts';
import { Choice } from './choices.ts';
import { computeSignature } from './compute-signature.ts';
import { referencedEf, shortIdOfP2 } from './file-reference.ts';
import { changeReferenceData, verify } from './pin-commands.ts';
import { readBinary, readRecord } from './read-binary.ts';
import { select } from './select.ts';

type Handler = (state: CardState, command: CommandApdu) => Uint8Array | Promise<Uint8Array>;

/** The commands of ISO/IEC 7816-4 that the card has, CLA 00 (card-protocol.md 1.3, 3). */
const ISO_COMMANDS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [Ins.VERIFY, verify],
  [Ins.CHANGE_REFERENCE_DATA, changeReferenceData],
  [0x84, getChallenge],
  [0x88, internalAuthenticate],
  [Ins.SELECT, select],
  [Ins.READ_BINARY, readBinary],
  [0xb2, readRecord],
  [0xca, () => refuse(Choice.GET_DATA)],
]);

/** The card's own commands, CLA 80 (card-protocol.md 2.1, 3.6). */
const OWN_COMMANDS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [0x2a, computeSignature],
  [0xa2, terminalCertificate],
  // SET SESSION KEY: 6982 here, whatever is verified.
  [0xae, () => refuse(Sw.SECURITY_STATUS_NOT_SATISFIED)],
  // Last command indicator of the iPhone: the plastic card answers 6700.
  [0xfc, () => refuse(Sw.WRONG_LENGTH)],
]);

/** No secure messaging session (card-protocol.md 1.3). */
const NO_SM_SESSION = 0x69fc;

/** Runs one command APDU. @returns the response APDU: every refusal is a status word. */
export async function execute(state: CardState, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const command = decodeCommand(bytes);
    return encodeResponse(Sw.OK, await handlerOf(command)(state, command));
  } catch (error) {
    if (error instanceof Refusal) return encodeResponse(error.sw);
    if (error instanceof ApduFormatError) return encodeResponse(Sw.WRONG_LENGTH);
    throw error;
  }
}

function handlerOf({ cla, ins }: CommandApdu): Handler {
  checkClass(cla, ins);
  const handler = (cla === 0x80 ? OWN_COMMANDS : ISO_COMMANDS).get(ins);
  return handler ?? refuse(Sw.INS_NOT_SUPPORTED);
}

/** Only 00 and 80: one channel, no secure messaging, no chaining (card-protocol.md 1.3). */
function checkClass(cla: number, ins: number): void {
  if (cla === 0x00 || cla === 0x80) return;
  // Bits 8 to 5 clear: bits 4 and 3 are secure messaging, 2 and 1 the channel (ISO/IEC 7816-4:2020, 5.4.1).
  if (cla > 0x0f) refuse(Sw.CLA_NOT_SUPPORTED);
  if ((cla & 0x03) !== 0) refuse(Sw.LOGICAL_CHANNEL_NOT_SUPPORTED);
  if (ins === Ins.SELECT) refuse(Sw.SECURE_MESSAGING_NOT_SUPPORTED);
  refuse(ins === Ins.READ_BINARY || ins === Ins.VERIFY ? NO_SM_SESSION : Choice.SECURE_MESSAGING_ELSEWHERE);
}

/** GET CHALLENGE, `00 84 00 00 Le`: exactly Le random bytes, 1 to 256; the extended form is refused (card-protocol.md 1.3). */
function getChallenge(_state: CardState, { p1, p2, data, le, extended }: CommandApdu): Uint8Array {
  if (p1 !== 0 || p2 !== 0) refuse(Sw.INCORRECT_P1_P2);
  if (extended) refuse(Sw.CONDITIONS_NOT_SATISFIED);
  if (data !== undefined || le === undefined) refuse(Choice.WRONG_CASE);
  return randomBytes(le);
}

/** INTERNAL AUTHENTICATE, `00 88`: the keys of this application do not answer it (card-protocol.md 3.6). */
function internalAuthenticate(state: CardState, { p2 }: CommandApdu): never {
  const file = referencedEf(state, shortIdOfP2(p2));
  return refuse(
    file.kind === 'key' ? Sw.SECURITY_STATUS_NOT_SATISFIED : Choice.INTERNAL_AUTHENTICATE_ELSEWHERE,
  );
}

/** The terminal certificate of PINなし認証, `80 A2`: no certificate we could make is accepted (card-protocol.md 3.6). */
function terminalCertificate(_state: CardState, { p1, p2 }: CommandApdu): never {
  const known = p2 === 0xc1 && (p1 === 0x00 || p1 === 0x06);
  return refuse(known ? Sw.WRONG_LENGTH : Sw.INCORRECT_P1_P2);
}

function refuse(sw: StatusWord): never {
  throw new Refusal(sw);
}
