import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomInt } from 'node:crypto';
import { readCertificate } from '@jpki/core';
import { type Day, daysBefore } from '../calendar/day.ts';
import { birthDay } from '../card-dates.ts';
import type { CertificateKind, Holder, Issuance } from '../persona.ts';
import { fingerprint } from './certificate-authority.ts';
import { newSerialNumber, writeCertificate } from './certificate-writer.ts';
import {
  authorityKeyIdentifier,
  certificatePolicy,
  clientAuthentication,
  crlDistributionPoint,
  issuerDirectoryName,
  keyUsage,
  ocspResponder,
  subjectKeyIdentifier,
  subjectOtherNames,
} from './extensions.ts';
import { holderAttributes } from './holder-attributes.ts';
import type { Issue, KeyEntry } from './key-store.ts';
import { caJapaneseName, caName, crlName, distinguishedName } from './names.ts';
import { endOfDay, holderValidity } from './validity.ts';

/** Changes when the profile below does, so that stored certificates of an older program are issued again. */
const PROFILE_VERSION = 'holder-1';

/**
 * The policies of the JPKI *test environment* (card-protocol.md 7.2, 7.3). A verifier tells 署名用 from 利用者証明用 by
 * policy, so a simulated certificate needs one that verifiers know, and it must not be one of the two that stand for
 * a real person's certificate. These are the ones made for test cards.
 */
const TEST_POLICY: Readonly<Record<CertificateKind, string>> = {
  sign: '1.2.392.200149.8.5.1.0.20',
  auth: '1.2.392.200149.8.5.1.0.30',
};

/** `.invalid` never resolves (RFC 6761, 6.4): nobody is asked about a certificate that does not exist. */
const CPS = 'http://www.jpki-simulator.invalid/cps.html';
const OCSP = 'http://ocspauthnorm.jpki-simulator.invalid';

/** A certificate that is within this of its end is issued again, ms: a test that runs over midnight shall not notice. */
const MARGIN = 24 * 3_600_000;

/** What is to be certified, and by whom. */
export interface HolderRequest {
  readonly kind: CertificateKind;
  readonly holder: Holder;
  readonly issuance: Issuance;
  /** The last day of the card, where it ends with a period of stay: no certificate outlives its card. */
  readonly stayEnds?: Day | undefined;
  readonly ca: KeyEntry;
  readonly now: Date;
}

/** Whether a stored certificate still is what the persona promises. */
export function holderServes(entry: KeyEntry, request: HolderRequest): boolean {
  if (entry.profile !== profileOf(request)) return false;
  const now = request.now.getTime();
  if (request.issuance.promise === 'expired') return entry.notAfter < now;
  return entry.notBefore <= now && entry.notAfter > now + MARGIN;
}

/** Everything that decides the contents but the dates and the random parts. */
function profileOf({ holder, issuance, stayEnds, ca }: HolderRequest): string {
  const facts = [PROFILE_VERSION, holder, issuance, stayEnds, fingerprint(ca.certificate)];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** Writes a holder's certificate (card-protocol.md 7.2, 7.3). */
export function issueHolder(request: HolderRequest): Issue {
  const { kind, holder, issuance, stayEnds, ca, now } = request;
  const issued = daysBefore(now, issuance.issuedDaysAgo);
  const birth = birthDay(holder, now);
  const { notBefore, notAfter } = holderValidity(issued, birth, stayEnds && endOfDay(stayEnds));
  return (privateKey) => {
    const publicKey = createPublicKey(privateKey);
    const certificate = writeCertificate(
      {
        serialNumber: newSerialNumber(),
        issuer: caName(kind),
        subject: kind === 'sign' ? signSubject(holder, issued) : authSubject(holder),
        notBefore,
        notAfter,
        publicKey,
        extensions:
          kind === 'sign' ? signExtensions(request, birth, publicKey) : authExtensions(request, publicKey),
      },
      createPrivateKey(ca.privateKey),
    );
    const dates = { notBefore: notBefore.getTime(), notAfter: notAfter.getTime() };
    return { certificate, ...dates, profile: profileOf(request) };
  };
}

/** C, L, L and a CN of 28 characters: 14 digits of time, 5 digits, municipality, `003A` (card-protocol.md 7.3). */
function signSubject({ prefecture, municipality, municipalityCode }: Holder, issued: Date): Uint8Array {
  const moment = issued.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return distinguishedName([
    ['C', 'JP'],
    ['L', prefecture],
    ['L', municipality],
    ['CN', `${moment}${randomText('99999')}${municipalityCode}003A`],
  ]);
}

/** C and a CN of 23 characters: 14 random ones, municipality, `003A` (card-protocol.md 7.2). */
function authSubject({ municipalityCode }: Holder): Uint8Array {
  return distinguishedName([
    ['C', 'JP'],
    ['CN', `${randomText('999999A99AAAAA')}${municipalityCode}003A`],
  ]);
}

/** Random digits for `9`, random capitals for `A`. */
function randomText(pattern: string): string {
  return pattern.replaceAll(/./g, (kind) =>
    kind === '9' ? `${randomInt(10)}` : String.fromCharCode(0x41 + randomInt(26)),
  );
}

/** In the order of the test card (card-protocol.md 7.3): no extended key usage, no OCSP address. */
function signExtensions({ holder, ca }: HolderRequest, birth: Day, publicKey: KeyObject): Uint8Array[] {
  return [
    keyUsage('sign'),
    subjectOtherNames(holderAttributes(holder, birth)),
    certificatePolicy(TEST_POLICY.sign, CPS),
    issuerDirectoryName(caJapaneseName('sign')),
    crlDistributionPoint(crlName('sign', holder.prefecture, holder.municipality)),
    issuerIdentifier('sign', ca),
    subjectKeyIdentifier(publicKey),
  ];
}

/** In the order of card-protocol.md 7.2: no subjectAltName, no personal attribute. */
function authExtensions({ holder, ca }: HolderRequest, publicKey: KeyObject): Uint8Array[] {
  return [
    keyUsage('auth'),
    clientAuthentication(),
    certificatePolicy(TEST_POLICY.auth, CPS),
    issuerDirectoryName(caJapaneseName('auth')),
    crlDistributionPoint(crlName('auth', holder.prefecture, holder.municipality)),
    ocspResponder(OCSP),
    issuerIdentifier('auth', ca),
    subjectKeyIdentifier(publicKey),
  ];
}

function issuerIdentifier(kind: CertificateKind, ca: KeyEntry): Uint8Array {
  const { serialNumber } = readCertificate(ca.certificate);
  return authorityKeyIdentifier(createPublicKey(ca.privateKey), caName(kind), serialNumber);
}
