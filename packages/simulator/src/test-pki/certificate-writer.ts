import { type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bitString,
  contextConstructed,
  element,
  integer,
  NULL,
  objectIdentifier,
  sequence,
  time,
} from '@jpki/core/der';

export interface CertificateContents {
  /** Big-endian magnitude. */
  readonly serialNumber: Uint8Array;
  /** Name, DER. */
  readonly issuer: Uint8Array;
  /** Name, DER. */
  readonly subject: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  /** Extensions, DER, in the order they shall have. */
  readonly extensions: readonly Uint8Array[];
}

/** Writes an X.509 v3 certificate signed with sha256WithRSAEncryption (RFC 5280, 4.1). @returns DER. */
export function writeCertificate(contents: CertificateContents, issuerKey: KeyObject): Uint8Array {
  const algorithm = sequence(objectIdentifier('1.2.840.113549.1.1.11'), NULL);
  const signed = sequence(
    element(contextConstructed(0), integer(2)),
    integer(contents.serialNumber),
    algorithm,
    contents.issuer,
    sequence(time(contents.notBefore), time(contents.notAfter)),
    contents.subject,
    contents.publicKey.export({ type: 'spki', format: 'der' }),
    element(contextConstructed(3), sequence(...contents.extensions)),
  );
  return sequence(signed, algorithm, bitString(sign('sha256', signed, issuerKey)));
}

/** A random serial number of four bytes without sign byte, the size seen on real ones (card-protocol.md 7.2). */
export function newSerialNumber(): Uint8Array {
  const serial = randomBytes(4);
  // 40 to 7F in front: positive, never zero, always four bytes.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}
