import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { daysBefore, yearsBefore } from '../calendar/day.ts';
import type { CertificateKind, Generation } from '../persona.ts';
import { newSerialNumber, writeCertificate } from './certificate-writer.ts';
import {
  certificateAuthority,
  crlDistributionPoint,
  keyUsage,
  subjectDirectoryName,
  subjectKeyIdentifier,
} from './extensions.ts';
import type { Issue, KeyEntry } from './key-store.ts';
import { caJapaneseName, caName } from './names.ts';
import { caValidity } from './validity.ts';

/** Changes when the profile below does, so that stored certificates of an older program are issued again. */
const PROFILE_VERSION = 'ca-1';

const YEAR = 365.25 * 24 * 3_600_000;

/**
 * When each generation of the CA key began, counted back from the day its certificate is written, and how long it
 * must still last, so that the holder certificates under it fit into its own life. The real ones began in 2015, 2019
 * and 2023 with ten years each (card-protocol.md 7.1): of today's three, the first has just expired.
 */
const GENERATIONS: Readonly<Record<Generation, { began: (now: Date) => Date; mustLastYears: number }>> = {
  1: { began: (now) => daysBefore(yearsBefore(now, 10), 30), mustLastYears: Number.NEGATIVE_INFINITY },
  2: { began: (now) => yearsBefore(now, 6), mustLastYears: 2 },
  3: { began: (now) => yearsBefore(now, 2), mustLastYears: 5.1 },
};

/** Whether a stored CA certificate still does what its generation promises. */
export function caServes(entry: KeyEntry, generation: Generation, now: Date): boolean {
  const { mustLastYears } = GENERATIONS[generation];
  return entry.profile === PROFILE_VERSION && entry.notAfter >= now.getTime() + mustLastYears * YEAR;
}

/** Writes the self-signed certificate of a CA (card-protocol.md 7.1). */
export function issueCa(kind: CertificateKind, generation: Generation, now: Date): Issue {
  return (privateKey) => {
    const { notBefore, notAfter } = caValidity(GENERATIONS[generation].began(now));
    const name = caName(kind);
    const publicKey = createPublicKey(privateKey);
    const certificate = writeCertificate(
      {
        serialNumber: newSerialNumber(),
        issuer: name,
        subject: name,
        notBefore,
        notAfter,
        publicKey,
        extensions: caExtensions(kind, publicKey),
      },
      privateKey,
    );
    return {
      certificate,
      notBefore: notBefore.getTime(),
      notAfter: notAfter.getTime(),
      profile: PROFILE_VERSION,
    };
  };
}

/** In the order of card-protocol.md 7.1. */
function caExtensions(kind: CertificateKind, publicKey: KeyObject): Uint8Array[] {
  return [
    keyUsage('ca'),
    subjectDirectoryName(caJapaneseName(kind)),
    certificateAuthority(),
    crlDistributionPoint(caName(kind)),
    subjectKeyIdentifier(publicKey),
  ];
}

/** SHA-256 of a certificate, hex. */
export function fingerprint(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('hex');
}
