import { randomBytes } from 'node:crypto';
import { ApduFormatError, type CommandApdu, decodeCommand, encodeResponse, Ins, Sw } from '@jpki/iso7816';
import { wordOf } from '../variants/index.ts';
import type { CardState } from './card-state.ts';
import { computeSignature, internalAuthenticate } from './compute-signature.ts';
import { getData } from './get-data.ts';
import { changeKey, changeReferenceData, verify } from './pin-commands.ts';
import { readBinary } from './read-binary.ts';
import { readRecord } from './read-record.ts';
import { Refusal, refuse } from './refusal.ts';
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
  [0xca, getData],
]);

/** The card's own commands, CLA 80 (card-protocol.md 2.1, 3.5, 3.6, 4.5). */
const OWN_COMMANDS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [0x2a, computeSignature],
  [0x32, changeKey],
  [0xa2, terminalCertificate],
  [0xae, setSessionKey],
  // Last command indicator of the iPhone: the plastic card answers 6700.
  [0xfc, ({ variants }) => refuse(variants.lastCommandIndicator)],
]);

/** Runs one command APDU. @returns the response APDU: every refusal is a status word. */
export async function execute(state: CardState, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const command = decodeCommand(bytes);
    return encodeResponse(Sw.OK, await handlerOf(state, command)(state, command));
  } catch (error) {
    if (error instanceof Refusal) return encodeResponse(error.sw);
    if (error instanceof ApduFormatError) return encodeResponse(wordOf(state.variants.wrongLength));
    throw error;
  }
}

/** One channel, no chaining; CLA 00, 80 and those of secure messaging (card-protocol.md 1.3). */
function handlerOf({ variants }: CardState, { cla, ins }: CommandApdu): Handler {
  if (cla === 0x00) return ISO_COMMANDS.get(ins) ?? refuse(variants.unknownInstruction);
  if (cla === 0x80) return OWN_COMMANDS.get(ins) ?? refuse(variants.unknownInstruction);
  // Bits 8 to 5 clear: bits 4 and 3 are secure messaging, 2 and 1 the channel (ISO/IEC 7816-4:2020, 5.4.1).
  if (cla > 0x0f) refuse(variants.unknownClass);
  return (cla & 0x03) === 0 ? executeSecured : refuse(variants.otherChannel);
}

/** SET SESSION KEY. With secure messaging it is what few commands need, and is loaded for those. */
async function setSessionKey(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  return (await import('./session-key.ts')).setSessionKey(state, command);
}

async function executeSecured(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  return (await import('./secure-messaging.ts')).executeSecured(state, command);
}

/** GET CHALLENGE, `00 84 00 00 Le`: exactly Le random bytes, 1 to 256; the extended form is refused (card-protocol.md 1.3). */
function getChallenge({ variants }: CardState, { p1, p2, data, le, extended }: CommandApdu): Uint8Array {
  if (p1 !== 0 || p2 !== 0) refuse(Sw.INCORRECT_P1_P2);
  if (extended && variants.challengeExtended !== '9000') refuse(variants.challengeExtended);
  if (data !== undefined || le === undefined) return refuse(variants.wrongLength);
  return variants.challengeLength === '8' && le !== 8 ? refuse(variants.wrongLength) : randomBytes(le);
}

/** The terminal certificate of PINなし認証, `80 A2`: no certificate we could make is accepted (card-protocol.md 3.6). */
function terminalCertificate({ variants }: CardState, { p1, p2 }: CommandApdu): never {
  const known = p2 === 0xc1 && (p1 === 0x00 || p1 === 0x06);
  return refuse(known ? variants.terminalCertificate : Sw.INCORRECT_P1_P2);
}
