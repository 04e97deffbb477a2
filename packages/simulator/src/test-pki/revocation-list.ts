import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readCertificate } from '@jpki/core';
import {
  bitString,
  contextConstructed,
  element,
  integer,
  NULL,
  objectIdentifier,
  octetString,
  sequence,
  time,
} from '@jpki/core/der';
import type { CertificateKind } from '../persona.ts';
import { authorityKeyIdentifier } from './extensions.ts';
import type { KeyEntry } from './key-store.ts';
import { caName } from './names.ts';

/** How long a list serves, ms. The real ones come out daily (card-protocol.md 9.3); a week suits a folder of test files. */
const LIFE = 7 * 24 * 3_600_000;

/** Why, as every entry says: 5, cessationOfOperation (RFC 5280, 5.3.1). What real lists say is not known. */
const REASON = Uint8Array.of(0x0a, 0x01, 0x05);

/** A certificate that is no longer good. */
export interface Revocation {
  /** Big-endian magnitude. */
  readonly serialNumber: Uint8Array;
  readonly revokedAt: Date;
}

/** Whose list, and what stands in it. */
export interface RevocationListContents {
  readonly kind: CertificateKind;
  readonly ca: KeyEntry;
  readonly revocations: readonly Revocation[];
  readonly now: Date;
}

/**
 * Writes the CRL of a CA (RFC 5280, 5), v2, signed with sha256WithRSAEncryption. It speaks for all certificates of that
 * CA; the real ones, whose format was not published, seem to be one for each municipality. A CA that has expired gave
 * out its last list at its end. The generations of a CA share one name: the authority key identifier tells them apart.
 *
 * @returns DER.
 */
export function writeRevocationList({ kind, ca, revocations, now }: RevocationListContents): Uint8Array {
  const algorithm = sequence(objectIdentifier('1.2.840.113549.1.1.11'), NULL);
  const nextUpdate = new Date(Math.min(now.getTime() + LIFE, ca.notAfter));
  const thisUpdate = new Date(nextUpdate.getTime() - LIFE);
  const entries = revocations.map(entry);
  const signed = sequence(
    integer(1),
    algorithm,
    caName(kind),
    time(thisUpdate),
    time(nextUpdate),
    // An empty list is left out (RFC 5280, 5.1.2.6).
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    element(contextConstructed(0), sequence(...extensions(kind, ca, thisUpdate))),
  );
  const signature = sign('sha256', signed, createPrivateKey(ca.privateKey));
  return sequence(signed, algorithm, bitString(signature));
}

function entry({ serialNumber, revokedAt }: Revocation): Uint8Array {
  const reason = sequence(objectIdentifier('2.5.29.21'), octetString(REASON));
  return sequence(integer(serialNumber), time(revokedAt), sequence(reason));
}

/** authorityKeyIdentifier, and cRLNumber: the seconds since the epoch, so that it grows. */
function extensions(kind: CertificateKind, ca: KeyEntry, thisUpdate: Date): Uint8Array[] {
  const { serialNumber } = readCertificate(ca.certificate);
  const number = integer(Math.floor(thisUpdate.getTime() / 1000));
  return [
    authorityKeyIdentifier(createPublicKey(ca.privateKey), caName(kind), serialNumber),
    sequence(objectIdentifier('2.5.29.20'), octetString(number)),
  ];
}
