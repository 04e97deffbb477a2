import type { KeyObject } from 'node:crypto';
import { type CommandApdu, Sw } from '@jpki/iso7816';
import { type CardState, Refusal } from './card-state.ts';
import { Choice } from './choices.ts';
import { assertAccess, referencedEf, shortIdOfP2 } from './file-reference.ts';
import { sha256, signBlock, signDigest, signPss } from './rsa-block.ts';

/** What one value of P1 takes and does. */
interface Scheme {
  /** Most bytes of data; with `exact`, the only number. */
  readonly length: number;
  readonly exact: boolean;
  readonly sign: (key: KeyObject, data: Uint8Array) => Uint8Array;
}

/** The six values of P1 that work (card-protocol.md 3.6). */
const SCHEMES: ReadonlyMap<number, Scheme> = new Map<number, Scheme>([
  [0x00, { length: 245, exact: false, sign: signBlock }],
  [0x01, { length: 255, exact: false, sign: (key, message) => signBlock(key, sha256(message)) }],
  [0x02, { length: 32, exact: true, sign: signDigest }],
  [0x03, { length: 255, exact: false, sign: (key, message) => signDigest(key, sha256(message)) }],
  [0x04, { length: 32, exact: true, sign: signPss }],
  [0x05, { length: 255, exact: false, sign: (key, message) => signPss(key, sha256(message)) }],
]);

/** Length of a signature in bytes. */
const SIGNATURE_LENGTH = 256;

/** P2 for the default key of an application. */
const DEFAULT_KEY = 0x00;

/** The signature command `80 2A` of the card (card-protocol.md 3.6), not the ISO one. */
export async function computeSignature(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const scheme = SCHEMES.get(command.p1);
  if (scheme === undefined) throw new Refusal(Sw.INCORRECT_P1_P2);
  if (command.p2 === DEFAULT_KEY) throw new Refusal(Choice.NO_DEFAULT_KEY);
  const file = referencedEf(state, shortIdOfP2(command.p2));
  if (file.kind !== 'key') throw new Refusal(Choice.WRONG_KIND_OF_EF);
  const data = checkedData(scheme, command);
  assertAccess(state, file.access);
  return scheme.sign(await file.privateKey(), data);
}

function checkedData({ length, exact }: Scheme, { data, le }: CommandApdu): Uint8Array {
  if (data === undefined || le === undefined || le < SIGNATURE_LENGTH) throw new Refusal(Choice.WRONG_CASE);
  if (exact && data.length !== length) throw new Refusal(Choice.SIGN_FIXED_LENGTH);
  if (data.length > length) throw new Refusal(Choice.SIGN_TOO_LONG);
  return data;
}
