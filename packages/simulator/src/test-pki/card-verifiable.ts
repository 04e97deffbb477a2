import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { cardTlv } from '../card-tlv.ts';

/** Length of a key identifier in a card-verifiable certificate, bytes. */
const KEY_ID_LENGTH = 16;

/** Tags of card-protocol.md 4.4 and 1.4. */
const CERTIFICATE = 0x7f21;
const BODY = 0x5f4e;
const SIGNATURE = 0x5f37;
const EXPONENT = 0x90;
const MODULUS = 0x91;

/** Header list of the certificates at card level: 16 bytes of issuer, 16 of subject, 265 of key (card-protocol.md 1.4). */
const HEADER_LIST = Buffer.from('4D0A42105F20105F49820109', 'hex');

/** What a key is called in its certificate: like `9000033/001` (card-protocol.md 4.4). */
export interface KeyName {
  /** Seven digits. */
  readonly number: string;
  /** Three digits. */
  readonly suffix: string;
  /** Last byte of the identifier; 00 but for keys at card level. */
  readonly lastByte?: number;
}

/** The identifier of a key: 7 digits, `08 05`, 3 digits, 4 bytes (card-protocol.md 4.4). */
export function keyId({ number, suffix, lastByte = 0 }: KeyName): Buffer {
  const id = Buffer.concat([
    Buffer.from(number, 'latin1'),
    Uint8Array.of(0x08, 0x05),
    Buffer.from(suffix, 'latin1'),
    Uint8Array.of(0, 0, 0, lastByte),
  ]);
  if (id.length !== KEY_ID_LENGTH) throw new RangeError('a key is named by 7 and 3 digits');
  return id;
}

/** Modulus of an RSA key, big-endian without sign byte. */
export function modulusOf(key: KeyObject): Buffer {
  const { n } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.from(n ?? '', 'base64url');
}

/** The public half of an RSA-2048 key as the card writes it: `90 exponent, 91 modulus`, 265 bytes (card-protocol.md 4.4). */
export function publicKeyObjects(key: KeyObject): Buffer {
  const { e } = createPublicKey(key).export({ format: 'jwk' });
  return Buffer.concat([
    cardTlv(EXPONENT, Buffer.from(e ?? '', 'base64url')),
    cardTlv(MODULUS, modulusOf(key)),
  ]);
}

/** Who vouches for whom. */
export interface CardVerifiableContents {
  readonly issuer: KeyName;
  readonly subject: KeyName;
  /** Its public half is what is certified; it may be the whole key. */
  readonly key: KeyObject;
}

/** A card-verifiable certificate as EF 0004 has it, 568 bytes (card-protocol.md 4.4). */
export function cardVerifiableCertificate(contents: CardVerifiableContents, issuerKey: KeyObject): Buffer {
  return cardTlv(CERTIFICATE, signedBody(contents, issuerKey));
}

/** A card-verifiable certificate as GET DATA gives it, 575 bytes (card-protocol.md 1.4). */
export function certificateOfCardLevel(contents: CardVerifiableContents, issuerKey: KeyObject): Buffer {
  return Buffer.concat([HEADER_LIST, signedBody(contents, issuerKey)]);
}

/** The body, and the issuer's PKCS#1 v1.5 SHA-256 signature over its value. */
function signedBody({ issuer, subject, key }: CardVerifiableContents, issuerKey: KeyObject): Buffer {
  const body = Buffer.concat([keyId(issuer), keyId(subject), publicKeyObjects(key)]);
  return Buffer.concat([cardTlv(BODY, body), cardTlv(SIGNATURE, sign('sha256', body, issuerKey))]);
}
