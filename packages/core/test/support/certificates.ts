import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { contextConstructed, Tag } from '../../src/der/tags.ts';
import {
  bitString,
  element,
  integer,
  NULL,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  setOf,
  TRUE,
  time,
  utf8String,
} from '../../src/der/writer.ts';
import type { HashName } from '../../src/digest-info.ts';
import { rsaSignatureOid } from '../../src/oids.ts';

/** Certificates for tests: every field can be given, so that also the ones no CA would issue can be written. */

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const keys = new Map<string, KeyPair>();

/** An RSA key by name, made once per test process. `bits` 2048 unless said otherwise. */
export function keyNamed(name: string, bits = 2048): KeyPair {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const pair = generateKeyPairSync('rsa', { modulusLength: bits });
  keys.set(name, pair);
  return pair;
}

const SHORT: Readonly<Record<string, string>> = {
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  CN: '2.5.4.3',
};

/** A Name out of `[['C', 'JP'], ['CN', 'x']]`. */
export function name(...attributes: readonly (readonly [type: string, value: string])[]): Uint8Array {
  return sequence(
    ...attributes.map(([type, value]) => {
      const text = type === 'C' ? printableString(value) : utf8String(value);
      return setOf(sequence(objectIdentifier(SHORT[type] ?? type), text));
    }),
  );
}

export function extension(oid: string, value: Uint8Array, critical = false): Uint8Array {
  return sequence(objectIdentifier(oid), ...(critical ? [TRUE] : []), octetString(value));
}

/** keyUsage from the bits of its first byte. */
export function keyUsage(bits: number): Uint8Array {
  const unused = bits === 0 ? 7 : 31 - Math.clz32(bits & -bits);
  return extension('2.5.29.15', bitString(Uint8Array.of(bits), unused), true);
}

export const BASIC_CONSTRAINTS_CA: Uint8Array = extension('2.5.29.19', sequence(TRUE), true);

export function extendedKeyUsage(...oids: readonly string[]): Uint8Array {
  return extension('2.5.29.37', sequence(...oids.map(objectIdentifier)));
}

export function policies(...oids: readonly string[]): Uint8Array {
  return extension('2.5.29.32', sequence(...oids.map((oid) => sequence(objectIdentifier(oid)))), true);
}

export function subjectKeyIdentifier(id: Uint8Array): Uint8Array {
  return extension('2.5.29.14', octetString(id));
}

/** AlgorithmIdentifier of a PKCS#1 v1.5 signature. */
export function rsaSignatureAlgorithm(hash: HashName): Uint8Array {
  return sequence(objectIdentifier(rsaSignatureOid(hash)), NULL);
}

/** SubjectPublicKeyInfo of RSA around any PKCS#1 bytes. */
export function rsaSpki(pkcs1: Uint8Array): Uint8Array {
  return sequence(sequence(objectIdentifier('1.2.840.113549.1.1.1'), NULL), bitString(pkcs1));
}

/** RSAPublicKey out of its two numbers. */
export function rsaKey(modulus: Uint8Array, exponent: number): Uint8Array {
  return sequence(integer(modulus), integer(exponent));
}

export interface CertificateFields {
  /** Contents of the `[0]` field; v3 unless said otherwise, `null` leaves the field out (v1). */
  readonly version?: Uint8Array | null;
  readonly serial?: number;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** The two encoded times one after another. */
  readonly validity?: Uint8Array;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly key: KeyPair;
  /** SubjectPublicKeyInfo in place of the key's own. */
  readonly spki?: Uint8Array;
  readonly extensions?: readonly Uint8Array[];
  readonly issuerKey: KeyPair;
  readonly hash?: HashName;
  /** AlgorithmIdentifier inside and outside of what is signed. */
  readonly algorithm?: Uint8Array;
  readonly outerAlgorithm?: Uint8Array;
  /** Fields after the extensions. */
  readonly afterwards?: Uint8Array;
}

export function makeCertificate(fields: CertificateFields): Uint8Array {
  const { version = integer(2), serial = 1, hash = 'sha256', extensions = [], key, issuerKey } = fields;
  const algorithm = fields.algorithm ?? rsaSignatureAlgorithm(hash);
  const notBefore = fields.notBefore ?? new Date('2025-01-01T00:00:00Z');
  const notAfter = fields.notAfter ?? new Date('2035-01-01T00:00:00Z');
  const tbs = sequence(
    ...(version === null ? [] : [element(contextConstructed(0), version)]),
    integer(serial),
    algorithm,
    fields.issuer,
    fields.validity ? element(Tag.SEQUENCE, fields.validity) : sequence(time(notBefore), time(notAfter)),
    fields.subject,
    fields.spki ?? key.publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [element(contextConstructed(3), sequence(...extensions))]),
    fields.afterwards ?? new Uint8Array(),
  );
  const signature = sign(hash, tbs, issuerKey.privateKey);
  return sequence(tbs, fields.outerAlgorithm ?? algorithm, bitString(signature));
}

/** Key usages as profiles write them. */
export const SIGN_USAGE = keyUsage(0xc0);
export const AUTH_USAGE = keyUsage(0x80);
export const CA_USAGE = keyUsage(0x06);
export const CLIENT_AUTH: Uint8Array = extendedKeyUsage('1.3.6.1.5.5.7.3.2');

export const CA_NAME: Uint8Array = name(['C', 'JP'], ['O', 'Core test'], ['CN', 'Root']);

/** A self-signed CA called {@link CA_NAME}, whatever its key. */
export function makeCa(key: KeyPair, fields: Partial<CertificateFields> = {}): Uint8Array {
  return makeCertificate({
    issuer: CA_NAME,
    subject: CA_NAME,
    key,
    issuerKey: key,
    extensions: [CA_USAGE, BASIC_CONSTRAINTS_CA],
    ...fields,
  });
}

/** A holder's certificate by the CA key named `ca`, meant for document signatures. */
export function makeHolder(key: KeyPair, fields: Partial<CertificateFields> = {}): Uint8Array {
  return makeCertificate({
    serial: 0x1234,
    issuer: CA_NAME,
    subject: name(['C', 'JP'], ['CN', 'Holder']),
    key,
    issuerKey: keyNamed('ca'),
    extensions: [SIGN_USAGE],
    ...fields,
  });
}
