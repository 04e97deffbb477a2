/**
 * Card login in its smallest form: the server makes a challenge, the card's 利用者証明用 key signs it, the server verifies.
 * The PIN never leaves the machine with the card, and the certificate tells no name, address or birth date.
 *
 * A probe of the contracts; the login package will add origin binding, one-time challenges and revocation.
 */
import { randomBytes } from 'node:crypto';
import { JpkiApplication } from '@jpki/applets';
import { digestOf, readCertificate, verifyRsa } from '@jpki/core';
import { checkPath, type Trust } from '@jpki/core/trust';
import { type Card, Pin } from '@jpki/iso7816';

/** What the holder's machine sends back. */
export interface LoginToken {
  readonly certificate: Uint8Array;
  readonly signature: Uint8Array;
}

/** Server: something that was never signed before. */
export const createChallenge = (): Uint8Array => randomBytes(32);

/** The holder's machine: one PIN, one signature, and the card is locked again. */
export function answerChallenge(card: Card, pin: Uint8Array, challenge: Uint8Array): Promise<LoginToken> {
  return new JpkiApplication(card).auth.withSigner({ pin: Pin.fromBytes(pin) }, async (signer) => ({
    certificate: signer.certificate,
    signature: await signer.sign('sha256', digestOf('sha256', challenge)),
  }));
}

/** Server: whether a trusted CA issued the certificate for login, and its key signed this challenge. */
export function verifyLogin(
  { certificate, signature }: LoginToken,
  challenge: Uint8Array,
  trust: Trust,
): boolean {
  const holder = readCertificate(certificate);
  const path = checkPath(holder, { trust, purpose: 'auth', at: Date.now() });
  return path.findings.length === 0 && verifyRsa(holder.publicKey, 'sha256', challenge, signature);
}
