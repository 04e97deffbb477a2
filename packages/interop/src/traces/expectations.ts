import assert from 'node:assert/strict';
import { createHash, verify } from 'node:crypto';
import type { Proof } from '@jpki/applets';
import { readCertificate } from '@jpki/core';
import { checkPath, type FindingCode, type Purpose } from '@jpki/core/trust';
import { cardDates } from '@jpki/simulator';
import type { CardUser } from './scenario.ts';

/** What is signed in the traces. */
export const DOCUMENT: Buffer = Buffer.from('a document');
/** Its SHA-256, 32 bytes. */
export const DIGEST: Buffer = createHash('sha256').update(DOCUMENT).digest();

/** A certificate of this persona, issued by the CA beside the traces for this purpose; `findings` are all there are. */
export function assertCertificate(
  user: CardUser,
  purpose: Purpose,
  der: Uint8Array,
  findings: readonly FindingCode[] = [],
): void {
  const certificate = readCertificate(der);
  const path = checkPath(certificate, { trust: user.pki.trust, purpose, at: user.at.getTime() });
  assert.ok(path.anchor, 'no CA beside the traces issued the certificate');
  assert.deepEqual(
    path.findings.map(({ code }) => code),
    findings,
  );
}

/** The certificate of a CA beside the traces. */
export function assertCaCertificate(user: CardUser, purpose: Purpose, der: Uint8Array): void {
  const fingerprint = Buffer.from(readCertificate(der).fingerprint());
  const known = user.pki.trust.filter((anchor) => anchor.purpose === purpose);
  assert.ok(known.some((anchor) => fingerprint.equals(anchor.fingerprint)));
}

/** A PKCS#1 v1.5 signature over {@link DOCUMENT} by the certificate's key, as node:crypto sees it. */
export function assertSignature(
  certificate: Uint8Array,
  signature: Uint8Array,
  document: Uint8Array = DOCUMENT,
): void {
  assert.ok(verify('sha256', document, readCertificate(certificate).publicKey, signature));
}

export function assertProven(proof: Proof): void {
  assert.equal(proof.status, 'verified');
}

/** `YYYY-MM-DD` of one of the persona's dates on the day of the recording. */
export function dateOf({ persona, at }: CardUser, which: 'birth' | 'expiry'): string {
  const { year, month, day } = cardDates(persona, at)[which];
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The four attributes as the persona has them. */
export function assertAttributes(
  user: CardUser,
  read: { readonly name: string; readonly address: string; readonly birthDate: string },
): void {
  const { name, address } = user.persona.holder;
  assert.deepEqual([read.name, read.address, read.birthDate], [name, address, dateOf(user, 'birth')]);
}
