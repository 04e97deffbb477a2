import { type CommandApdu, encodeTlv, Ins, readTlv, type Tlv, TlvFormatError } from '@jpki/iso7816';
import { cardTlv } from '../card-tlv.ts';
import type { CardState } from './card-state.ts';
import { verify } from './pin-commands.ts';
import { restOfFile } from './read-binary.ts';
import { refuse } from './refusal.ts';
import type { SecureSession } from './secure-session.ts';
import { select } from './select.ts';

/** Class bytes: 08 is what the card takes, 0C (header authenticated) it refuses (card-protocol.md 4.5). */
const SECURE_CLASS = 0x08;

/** Data objects: a cryptogram behind its padding indicator, and an Le. */
const CRYPTOGRAM = 0x86;
const EXPECTED_LENGTH = 0x96;
const PADDED = 0x01;

/** Objects of secure messaging: missing, and incorrect (JICSAP table 25). */
const OBJECT_MISSING = 0x6987;
const OBJECT_INCORRECT = 0x6988;

/** Ne of an Le that is written 0000. */
const WHOLE_FILE = 65_536;

/**
 * A command with secure messaging (CLA 04, 08, 0C). Only the 券面事項入力補助AP has it, and only while a session is open;
 * a mistake ends the session (card-protocol.md 1.3, 4.5).
 */
export async function executeSecured(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const { session, variants, application } = state;
  const { cla, ins } = command;
  const offered = typeof application?.sessionKey === 'object';
  if (!offered && ins === Ins.SELECT) refuse(variants.smSelectElsewhere);
  if (ins !== Ins.SELECT && ins !== Ins.READ_BINARY && ins !== Ins.VERIFY) refuse(variants.smOtherCommand);
  if (!offered || session === undefined) return refuse(variants.smElsewhere);
  if (cla !== SECURE_CLASS) {
    if (variants.sessionWithClass0C === 'ends') state.session = undefined;
    return refuse(OBJECT_MISSING);
  }
  session.step();
  if (ins === Ins.READ_BINARY) return readSecured(state, session, command);
  const plain = { ...command, cla: 0x00, data: plainText(state, session, command) };
  return ins === Ins.VERIFY ? verify(state, plain) : select(state, plain);
}

/** READ BINARY: `96 03 00 hh ll` in, `86 len 01 cryptogram` out. Le 0000 is the file to its physical end. */
async function readSecured(
  state: CardState,
  session: SecureSession,
  command: CommandApdu,
): Promise<Uint8Array> {
  const { value } = onlyObject(state, command, EXPECTED_LENGTH);
  const [zero, high, low] = value;
  if (value.length !== 3 || zero !== 0 || high === undefined || low === undefined) return end(state);
  const rest = await restOfFile(state, command);
  const plain = rest.subarray(0, (high << 8) | low || WHOLE_FILE);
  const protectedData = Buffer.concat([Uint8Array.of(PADDED), session.encrypt(plain)]);
  const answer =
    state.variants.sessionLengthForm === '82'
      ? cardTlv(CRYPTOGRAM, protectedData)
      : encodeTlv(CRYPTOGRAM, protectedData);
  if (command.le === undefined || answer.length > command.le) refuse(state.variants.wrongLength);
  return answer;
}

function plainText(state: CardState, session: SecureSession, command: CommandApdu): Uint8Array {
  const { value } = onlyObject(state, command, CRYPTOGRAM);
  if (value[0] !== PADDED) return end(state);
  return session.decrypt(value.subarray(1)) ?? end(state);
}

/** The one object that the data field must be. */
function onlyObject(state: CardState, { data = new Uint8Array() }: CommandApdu, tag: number): Tlv {
  let object: Tlv;
  try {
    object = readTlv(data);
  } catch (error) {
    if (!(error instanceof TlvFormatError)) throw error;
    return end(state);
  }
  return object.tag === tag && object.encoded.length === data.length ? object : end(state);
}

/** A mistake in secure messaging: the session is gone. */
function end(state: CardState): never {
  state.session = undefined;
  return refuse(OBJECT_INCORRECT);
}
