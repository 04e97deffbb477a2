import { constants, createPublicKey, type KeyObject, privateDecrypt } from 'node:crypto';
import { type CommandApdu, Sw } from '@jpki/iso7816';
import type { CardState } from './card-state.ts';
import { Refusal, refuse } from './refusal.ts';
import { SecureSession } from './secure-session.ts';

/** What is delivered: `A0 22 80 20` and a seed of 32 bytes (card-protocol.md 4.5). */
const SEED_HEADER = Buffer.from('A0228020', 'hex');
const SEED_LENGTH = 32;

/** The first half of the seed is the key; the other is not used. */
const KEY_LENGTH = 16;

/** RSA-2048. */
const CIPHERTEXT_LENGTH = 256;

/** The delivered thing is not what it must be (JICSAP table 25). */
const WRONG_DATA = 0x6a80;

/** SET SESSION KEY, `80 AE 00 00`: opens a secure messaging session (card-protocol.md 4.5). */
export async function setSessionKey(state: CardState, command: CommandApdu): Promise<Uint8Array> {
  const { variants } = state;
  const delivery = state.application?.sessionKey ?? 'forbidden';
  if (delivery === 'forbidden') return refuse(variants.sessionKeyForbidden);
  if (delivery === 'not-configured') return refuse(variants.sessionKeyNotConfigured);
  // Before anything is looked at: without the PIN it is 6982 whatever the body.
  if (!state.isVerified(delivery.pin)) refuse(Sw.SECURITY_STATUS_NOT_SATISFIED);
  const { p1, p2, data, le } = command;
  if (p1 !== 0 || p2 !== 0) refuse(Sw.INCORRECT_P1_P2);
  if (data === undefined || data.length !== CIPHERTEXT_LENGTH || le !== undefined)
    return refuse(variants.wrongLength);
  state.session = new SecureSession(seedOf(await delivery.privateKey(), data).subarray(0, KEY_LENGTH));
  return new Uint8Array();
}

function seedOf(privateKey: KeyObject, ciphertext: Uint8Array): Uint8Array {
  const { n } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (Buffer.compare(ciphertext, Buffer.from(n ?? '', 'base64url')) >= 0) refuse(Sw.NO_PRECISE_DIAGNOSIS);
  const delivered = opened(privateKey, ciphertext);
  const header = delivered.subarray(0, SEED_HEADER.length);
  if (delivered.length !== SEED_HEADER.length + SEED_LENGTH || !SEED_HEADER.equals(header))
    refuse(WRONG_DATA);
  return delivered.subarray(SEED_HEADER.length);
}

/** RSAES-OAEP with SHA-256, MGF1-SHA-256 and no label. */
function opened(key: KeyObject, ciphertext: Uint8Array): Buffer {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, ciphertext);
  } catch {
    throw new Refusal(WRONG_DATA);
  }
}
