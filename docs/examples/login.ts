/**
 * Card login in its smallest form: the server makes a challenge, the card's 利用者証明用 key signs it, the server verifies.
 * The PIN never leaves the machine with the card, and the certificate tells no name, address or birth date.
 *
 * A probe of the contracts; the login package will add one-time challenges, the browser and revocation.
 */
import { randomBytes } from 'node:crypto';
import { JpkiApplication } from '@jpki/applets';
import { digestOf, readCertificate, verifyRsa } from '@jpki/core';
import { checkPath, type Trust } from '@jpki/core/trust';
import { type Card, Pin } from '@jpki/iso7816';

/** One attempt to log in. */
export interface LoginRequest {
  /** Of the site, as the holder's machine sees it: `https://shop.example`. */
  readonly origin: string;
  /** Something that was never signed before. */
  readonly challenge: Uint8Array;
}

/** What the holder's machine sends back. */
export interface LoginToken {
  readonly certificate: Uint8Array;
  readonly signature: Uint8Array;
}

/** Server: a challenge, to be kept with the session and thrown away at the first answer. */
export const createChallenge = (): Uint8Array => randomBytes(32);

/** What is signed: no other use of the key begins like this, and an answer for one site is of no use to another. */
function loginMessage({ origin, challenge }: LoginRequest): Uint8Array {
  const [site, nonce] = [digestOf('sha256', Buffer.from(origin)), digestOf('sha256', challenge)];
  return Buffer.concat([Buffer.from('jpki login example\0'), site, nonce]);
}

/** The holder's machine: one PIN, one signature, and the card is locked again. */
export function answerChallenge(card: Card, pin: Uint8Array, request: LoginRequest): Promise<LoginToken> {
  return new JpkiApplication(card).auth.withSigner({ pin: Pin.fromBytes(pin) }, async (signer) => ({
    certificate: signer.certificate,
    signature: await signer.sign('sha256', digestOf('sha256', loginMessage(request))),
  }));
}

/** Server: whether a trusted CA issued the certificate for login, and its key signed this request. */
export function verifyLogin(
  { certificate, signature }: LoginToken,
  request: LoginRequest,
  trust: Trust,
): boolean {
  const holder = readCertificate(certificate);
  const path = checkPath(holder, { trust, purpose: 'auth', at: Date.now() });
  return (
    path.findings.length === 0 && verifyRsa(holder.publicKey, 'sha256', loginMessage(request), signature)
  );
}
