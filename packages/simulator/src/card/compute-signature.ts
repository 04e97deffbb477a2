import type { KeyObject } from 'node:crypto';
import { type CommandApdu, Sw } from '@jpki/iso7816';
import type { CardState } from './card-state.ts';
import type { KeyFile } from './elementary-file.ts';
import { assertAccess, referencedEf, shortIdOfP2 } from './file-reference.ts';
import { refuse } from './refusal.ts';
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

/** Those that more than one source tells. */
const ASSURED_SCHEMES: readonly number[] = [0x00, 0x05];

/** Length of a signature in bytes. */
const SIGNATURE_LENGTH = 256;

/** P2 for the default key of an application. */
const DEFAULT_KEY = 0x00;

/** The signature command `80 2A` of the card (card-protocol.md 3.6), not the ISO one. */
export async function computeSignature(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const scheme = SCHEMES.get(command.p1);
  const taken = state.variants.signatureSchemes === '00-05' || ASSURED_SCHEMES.includes(command.p1);
  if (scheme === undefined || !taken) return refuse(state.variants.unknownScheme);
  const key = command.p2 === DEFAULT_KEY ? defaultKey(state) : referencedKey(state, command.p2);
  const data = checkedData(state, scheme, command);
  assertAccess(state, key.access);
  return scheme.sign(await key.privateKey(), data);
}

/** INTERNAL AUTHENTICATE, `00 88`: one key answers it, over DigestInfo(SHA-256(challenge)) (card-protocol.md 3.6, 6). */
export async function internalAuthenticate(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const { p1, p2, data, le } = command;
  const { variants } = state;
  const { file } = referencedEf(state, shortIdOfP2(p2));
  if (file.kind !== 'key') return refuse(variants.wrongKindOfFile);
  if (file.use === 'signature')
    refuse(file.access === 'free' ? variants.internalAuthenticateFree : variants.internalAuthenticateJpki);
  if (p1 !== 0) refuse(Sw.INCORRECT_P1_P2);
  if (data === undefined || data.length > 255 || le === undefined || le < SIGNATURE_LENGTH)
    return refuse(variants.wrongLength);
  assertAccess(state, file.access);
  return signDigest(await file.privateKey(), sha256(data));
}

/** The default key of an application; using it leaves the current EF as it is. */
function defaultKey({ application, variants }: CardState): KeyFile {
  const id = application?.defaultKey;
  const file = id === undefined ? undefined : application?.files.get(id);
  return file?.kind === 'key' ? file : refuse(variants.noDefaultKey);
}

function referencedKey(state: CardState, p2: number): KeyFile {
  const { file } = referencedEf(state, shortIdOfP2(p2));
  return file.kind === 'key' && file.use === 'signature' ? file : refuse(state.variants.wrongKindOfFile);
}

function checkedData(
  { variants }: CardState,
  { length, exact }: Scheme,
  { data, le }: CommandApdu,
): Uint8Array {
  if (data === undefined || le === undefined || le < SIGNATURE_LENGTH) return refuse(variants.wrongLength);
  if (exact && data.length !== length) refuse(variants.signFixedLength);
  if (data.length > length) refuse(variants.signTooLong);
  return data;
}
