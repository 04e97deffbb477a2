import { createHash, type KeyObject } from 'node:crypto';
import {
  bitString,
  contextConstructed,
  contextPrimitive,
  DerReader,
  element,
  ia5String,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  Tag,
  TRUE,
  utf8String,
} from '@jpki/core/der';

/** Object identifiers of the extensions (RFC 5280, 4.2) and of what stands in them. */
const Oid = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  cps: '1.3.6.1.5.5.7.2.1',
  ocsp: '1.3.6.1.5.5.7.48.1',
} as const;

function extension(oid: string, value: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(oid), octetString(value));
}

function criticalExtension(oid: string, value: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(oid), TRUE, octetString(value));
}

/** GeneralName directoryName: an explicit tag, since a Name is a CHOICE. */
function directoryName(name: Uint8Array): Uint8Array {
  return element(contextConstructed(4), name);
}

/** Key usage bits with the number of unused ones: `06C0`, `0780` and `0106` of card-protocol.md 7.1 to 7.3. */
const KEY_USAGE = { ca: [0x06, 1], sign: [0xc0, 6], auth: [0x80, 7] } as const;

/** keyUsage, critical. */
export function keyUsage(usage: keyof typeof KEY_USAGE): Uint8Array {
  const [bits, unused] = KEY_USAGE[usage];
  return criticalExtension(Oid.keyUsage, bitString(Uint8Array.of(bits), unused));
}

/** extKeyUsage of a login certificate: id-kp-clientAuth (RFC 5280, 4.2.1.12). */
export function clientAuthentication(): Uint8Array {
  return extension(Oid.extKeyUsage, sequence(objectIdentifier(Oid.clientAuth)));
}

/** basicConstraints of a CA, without a path length (card-protocol.md 7.1). */
export function certificateAuthority(): Uint8Array {
  return criticalExtension(Oid.basicConstraints, sequence(TRUE));
}

/** One critical policy with the address of the certification practice statement. */
export function certificatePolicy(oid: string, cps: string): Uint8Array {
  const qualifier = sequence(objectIdentifier(Oid.cps), ia5String(cps));
  return criticalExtension(
    Oid.certificatePolicies,
    sequence(sequence(objectIdentifier(oid), sequence(qualifier))),
  );
}

/** subjectAltName of one directoryName: a CA's name in Japanese. */
export function subjectDirectoryName(name: Uint8Array): Uint8Array {
  return extension(Oid.subjectAltName, sequence(directoryName(name)));
}

/** issuerAltName of one directoryName. */
export function issuerDirectoryName(name: Uint8Array): Uint8Array {
  return extension(Oid.issuerAltName, sequence(directoryName(name)));
}

/** subjectAltName of otherNames, each a UTF8String, in the order given. */
export function subjectOtherNames(names: readonly (readonly [oid: string, value: string])[]): Uint8Array {
  const otherName = (oid: string, value: string) =>
    element(contextConstructed(0), objectIdentifier(oid), element(contextConstructed(0), utf8String(value)));
  return extension(Oid.subjectAltName, sequence(...names.map(([oid, value]) => otherName(oid, value))));
}

/** One distribution point, by its fullName: where in the directory the CRL is (RFC 5280, 4.2.1.13). */
export function crlDistributionPoint(name: Uint8Array): Uint8Array {
  const fullName = element(contextConstructed(0), directoryName(name));
  return extension(Oid.crlDistributionPoints, sequence(sequence(element(contextConstructed(0), fullName))));
}

/** authorityInfoAccess with the address of one OCSP responder (RFC 5280, 4.2.2.1). */
export function ocspResponder(url: string): Uint8Array {
  const location = element(contextPrimitive(6), Buffer.from(url, 'latin1'));
  return extension(Oid.authorityInfoAccess, sequence(sequence(objectIdentifier(Oid.ocsp), location)));
}

/** Key identifier, name and serial number of the issuer: JPKI writes all three (card-protocol.md 7.2). */
export function authorityKeyIdentifier(
  key: KeyObject,
  name: Uint8Array,
  serialNumber: Uint8Array,
): Uint8Array {
  return extension(
    Oid.authorityKeyIdentifier,
    sequence(
      element(contextPrimitive(0), keyIdentifier(key)),
      element(contextConstructed(1), directoryName(name)),
      element(contextPrimitive(2), integer(serialNumber).subarray(2)),
    ),
  );
}

/** subjectKeyIdentifier of a key's own certificate. */
export function subjectKeyIdentifier(key: KeyObject): Uint8Array {
  return extension(Oid.subjectKeyIdentifier, octetString(keyIdentifier(key)));
}

/** SHA-1 of the public key bits (RFC 5280, 4.2.1.2, method 1), 20 bytes. */
function keyIdentifier(key: KeyObject): Uint8Array {
  const info = new DerReader(key.export({ type: 'spki', format: 'der' })).expect(Tag.SEQUENCE).enter();
  info.expect(Tag.SEQUENCE);
  // The first content octet of a BIT STRING counts its unused bits.
  return createHash('sha1').update(info.expect(Tag.BIT_STRING).contents.subarray(1)).digest();
}
