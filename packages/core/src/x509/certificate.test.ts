import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  BASIC_CONSTRAINTS_CA,
  CA_NAME,
  extension,
  keyNamed,
  makeCa,
  makeHolder,
  name,
  rsaKey,
  rsaSignatureAlgorithm,
  rsaSpki,
  SIGN_USAGE,
} from '../../test/support/certificates.ts';
import { contextConstructed, contextPrimitive } from '../der/tags.ts';
import { element, integer, NULL, objectIdentifier, sequence, time, utf8String } from '../der/writer.ts';
import { CertificateFormatError, CoreError } from '../errors.ts';
import { readCertificate } from './certificate.ts';

const ca = keyNamed('ca');
const holder = keyNamed('signer');
const der = makeHolder(holder);

describe('a certificate', () => {
  test('reads as node:crypto reads it', () => {
    const ours = readCertificate(der);
    const theirs = new X509Certificate(der);
    expect(ours.serialNumberText).toBe(theirs.serialNumber);
    expect(new Date(ours.notBefore)).toEqual(new Date(theirs.validFrom));
    expect(new Date(ours.notAfter)).toEqual(new Date(theirs.validTo));
    expect(ours.commonName).toBe('Holder');
    expect(Buffer.from(ours.fingerprint()).toString('hex')).toBe(
      theirs.fingerprint256.replaceAll(':', '').toLowerCase(),
    );
    expect(ours.publicKey.equals(theirs.publicKey)).toBe(true);
    expect([ours.signatureHash, ours.extensions.isCa()]).toEqual(['sha256', false]);
    expect(ours.holderAttributes()).toEqual({});
  });

  test('is signed by its CA and by no other key of the same name', () => {
    const certificate = readCertificate(der);
    expect(certificate.isSignedBy(ca.publicKey)).toBe(true);
    expect(certificate.isSignedBy(keyNamed('other').publicKey)).toBe(false);
    expect(Buffer.from(certificate.issuer)).toEqual(Buffer.from(CA_NAME));
    expect(readCertificate(makeCa(ca)).isSignedBy(ca.publicKey)).toBe(true);
  });

  test('keeps views, no copies', () => {
    const certificate = readCertificate(der);
    for (const view of [certificate.der, certificate.tbs, certificate.issuer, certificate.signature]) {
      expect(view.buffer).toBe(der.buffer);
    }
  });

  test('is valid from its first to its last second', () => {
    const notBefore = new Date('2025-01-01T00:00:00Z');
    const certificate = readCertificate(makeHolder(holder, { notBefore, notAfter: notBefore }));
    const at = notBefore.getTime();
    expect([at - 1, at, at + 1].map((time) => certificate.isValidAt(time))).toEqual([false, true, false]);
  });

  test('without a CN has no common name, and with several the last', () => {
    const named = (...list: (readonly [string, string])[]) =>
      readCertificate(makeHolder(holder, { subject: name(...list) })).commonName;
    expect(named(['C', 'JP'])).toBeUndefined();
    expect(named(['CN', 'a'], ['CN', 'b'])).toBe('b');
  });

  test('of a serial number with a sign byte is spoken of without it', () => {
    expect(readCertificate(makeHolder(holder, { serial: 0x80 })).serialNumberText).toBe('80');
    expect(readCertificate(makeHolder(holder, { serial: 0 })).serialNumberText).toBe('0');
  });

  test('by another kind of signature is read, and signed by nobody', () => {
    const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
    const certificate = readCertificate(makeHolder(holder, { algorithm }));
    expect([certificate.signatureHash, certificate.isSignedBy(ca.publicKey)]).toEqual([undefined, false]);
  });

  test('with unique identifiers, which no CA writes any more, is read', () => {
    const afterwards = Buffer.concat(
      [1, 2].map((tag) => element(contextPrimitive(tag), Uint8Array.of(0, 1))),
    );
    const certificate = readCertificate(makeHolder(holder, { extensions: [], afterwards }));
    expect(certificate.isSignedBy(ca.publicKey)).toBe(true);
  });

  test('whose signature algorithm has parameters of its own is signed by nobody', () => {
    const algorithm = sequence(objectIdentifier('1.2.840.113549.1.1.11'), integer(5));
    expect(readCertificate(makeHolder(holder, { algorithm })).isSignedBy(ca.publicKey)).toBe(false);
  });
});

describe('no certificate is', () => {
  const v1 = { version: null, extensions: [] } as const;
  const empty = sequence();
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['an empty SEQUENCE', empty],
    ['a certificate with a byte behind it', Buffer.concat([der, Uint8Array.of(0)])],
    ['two certificates', Buffer.concat([der, der])],
    ['one of version 1', makeHolder(holder, v1)],
    ['one of version 1 that says so', makeHolder(holder, { version: integer(0) })],
    ['one of version 1 with extensions', makeHolder(holder, { version: null })],
    ['one of version 2', makeHolder(holder, { version: integer(1) })],
    ['one of version 4', makeHolder(holder, { version: integer(3) })],
    ['one with two versions', makeHolder(holder, { version: Buffer.concat([integer(2), integer(2)]) })],
    ['one with two algorithms', makeHolder(holder, { outerAlgorithm: rsaSignatureAlgorithm('sha512') })],
    ['one with a field behind its extensions', makeHolder(holder, { afterwards: NULL })],
    ['one with a third time', makeHolder(holder, { validity: times(3) })],
    ['one with one time', makeHolder(holder, { validity: times(1) })],
    ['one whose name is no name', makeHolder(holder, { subject: sequence(utf8String('x')) })],
    ['one whose issuer is no name', makeHolder(holder, { issuer: sequence(NULL) })],
    ['one of 65,537 bytes', new Uint8Array(65_537).fill(0x30)],
    ['one with a repeated extension', makeHolder(holder, { extensions: [SIGN_USAGE, SIGN_USAGE] })],
    ['an attribute certificate', sequence(sequence(element(contextConstructed(1))), empty, NULL)],
  ])('%s', (_, bytes) => {
    expect(() => readCertificate(bytes)).toThrow(CertificateFormatError);
  });

  test('any part of one', () => {
    for (let length = 0; length < der.length; length++) {
      expect(() => readCertificate(der.subarray(0, length))).toThrow(CertificateFormatError);
    }
  });

  function times(count: number): Uint8Array {
    return Buffer.concat(Array.from({ length: count }, () => time(new Date('2025-01-01T00:00:00Z'))));
  }
});

describe('a key', () => {
  const modulus = (bits: number) => {
    const bytes = new Uint8Array(Math.ceil(bits / 8)).fill(0x55);
    bytes[0] = bits % 8 === 0 ? 0x80 : 1 << ((bits % 8) - 1);
    bytes[bytes.length - 1] = 0x57;
    return bytes;
  };
  const withKey = (pkcs1: Uint8Array) => readCertificate(makeHolder(holder, { spki: rsaSpki(pkcs1) }));

  test.each([2048, 3072, 8192])('of %i bits is taken', (bits) => {
    expect(withKey(rsaKey(modulus(bits), 65_537)).publicKey.asymmetricKeyDetails?.modulusLength).toBe(bits);
  });

  test.each([512, 1024, 2040, 2047, 8193, 16_384])('of %i bits is refused when it is asked for', (bits) => {
    const certificate = withKey(rsaKey(modulus(bits), 65_537));
    expect(() => certificate.publicKey).toThrow(CertificateFormatError);
  });

  test.each([3, 65_537, 0xffffffff])('with the exponent %i is taken', (exponent) => {
    expect(withKey(rsaKey(modulus(2048), exponent)).publicKey.type).toBe('public');
  });

  test.each([0, 1, 2, 65_536, 0x1_0000_0001])('with the exponent %i is refused', (exponent) => {
    const certificate = withKey(rsaKey(modulus(2048), exponent));
    expect(() => certificate.publicKey).toThrow(CertificateFormatError);
  });

  test.each<[string, Uint8Array]>([
    ['a negative modulus', sequence(element(2, modulus(2048)), integer(65_537))],
    ['a negative exponent', sequence(integer(modulus(2048)), element(2, Uint8Array.of(0xff)))],
    ['a third number', sequence(integer(modulus(2048)), integer(65_537), integer(1))],
    ['bytes behind it', Buffer.concat([rsaKey(modulus(2048), 65_537), NULL])],
    ['no numbers', sequence()],
    ['no DER', Uint8Array.of(0x30, 0x80)],
  ])('with %s is refused', (_, pkcs1) => {
    const certificate = withKey(pkcs1);
    expect(() => certificate.publicKey).toThrow(CertificateFormatError);
  });

  test('of another kind is refused when it is asked for, and not before', () => {
    for (const { publicKey } of [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('ed25519'),
      generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
    ]) {
      const certificate = readCertificate(
        makeHolder(holder, { spki: publicKey.export({ type: 'spki', format: 'der' }) }),
      );
      expect(() => certificate.publicKey).toThrow(/not RSA/);
    }
  });

  test('is imported once', () => {
    const certificate = readCertificate(der);
    expect(certificate.publicKey).toBe(certificate.publicKey);
    expect(certificate.fingerprint()).toBe(certificate.fingerprint());
  });
});

test('one changed byte anywhere is another certificate: refused, or not signed by the CA', () => {
  const publicKey = keyNamed('ca').publicKey;
  const bytes = new Uint8Array(
    makeHolder(holder, { extensions: [SIGN_USAGE, BASIC_CONSTRAINTS_CA, extension('1.2.3', NULL)] }),
  );
  for (let at = 0; at < bytes.length; at++) {
    const before = bytes[at] ?? 0;
    for (const mask of [0x01, 0x20, 0x80, 0xff]) {
      bytes[at] = before ^ mask;
      expect(acceptedBy(publicKey, bytes), `byte ${at} ^ ${mask}`).toBe(false);
    }
    bytes[at] = before;
  }
  expect(acceptedBy(publicKey, bytes)).toBe(true);
});

function acceptedBy(key: ReturnType<typeof keyNamed>['publicKey'], bytes: Uint8Array): boolean {
  try {
    return readCertificate(bytes).isSignedBy(key);
  } catch (error) {
    expect(error).toBeInstanceOf(CoreError);
    return false;
  }
}
