import { describe, expect, test } from 'vitest';
import {
  CA_NAME,
  extension,
  keyNamed,
  makeHolder,
  SIGN_USAGE,
  subjectKeyIdentifier,
} from '../../test/support/certificates.ts';
import {
  attribute,
  contentTypeAttribute,
  hashAlgorithm,
  makeSignerInfo,
  messageDigestAttribute,
  RSA_ENCRYPTION,
  type SignerFields,
  signingCertificateAttribute,
  signingTimeAttribute,
} from '../../test/support/messages.ts';
import { DerReader } from '../der/reader.ts';
import { Tag } from '../der/tags.ts';
import { element, integer, NULL, objectIdentifier, octetString, sequence, setOf } from '../der/writer.ts';
import { digestOf } from '../digest-info.ts';
import { CoreError } from '../errors.ts';
import { Oid, rsaSignatureOid } from '../oids.ts';
import { readCertificate } from '../x509/certificate.ts';
import { readSignerInfo, type SignerInfo } from './signer-info.ts';

const key = keyNamed('signer');
const certificate = makeHolder(key);
const CONTENT = Buffer.from('content');
const time = new Date('2026-01-02T03:04:05Z');

const read = (fields: Partial<SignerFields> = {}): SignerInfo =>
  readSignerInfo(
    new DerReader(makeSignerInfo({ key, certificate, content: CONTENT, ...fields }))
      .expect(Tag.SEQUENCE)
      .enter(),
  );

describe('the attributes', () => {
  const required = [contentTypeAttribute(), messageDigestAttribute(CONTENT)];

  test('that decide are read', () => {
    const digest = digestOf('sha256', certificate);
    const { attributes, hash, isRsa } = read({
      attributes: [...required, signingTimeAttribute(time), signingCertificateAttribute(digest)],
    });
    expect(attributes.signingTime).toBe(time.getTime());
    expect(Buffer.from(attributes.messageDigest ?? [])).toEqual(digestOf('sha256', CONTENT));
    expect(attributes.signingCertificate?.hash).toBe('sha256');
    expect(Buffer.from(attributes.signingCertificate?.digest ?? [])).toEqual(digest);
    expect([hash, isRsa]).toEqual(['sha256', true]);
  });

  test('that do not are passed over', () => {
    const unknown = attribute('1.2.3.4', NULL, NULL);
    expect(Object.keys(read({ attributes: [...required, unknown, unknown] }).attributes).sort()).toEqual([
      'contentType',
      'messageDigest',
    ]);
  });

  test('are none where there are none', () => {
    expect(read({ attributes: null })).toMatchObject({ attributes: {}, encodedAttributes: undefined });
  });

  test('that nobody signed are not read', () => {
    const { attributes } = read({
      unsignedAttributes: [signingTimeAttribute(time), attribute(Oid.messageDigest)],
    });
    expect(attributes.signingTime).toBeUndefined();
  });

  test('may name the certificate by another hash, also one that is not known', () => {
    const by = (algorithm: Uint8Array) =>
      read({ attributes: [...required, signingCertificateAttribute(new Uint8Array(64), algorithm)] })
        .attributes.signingCertificate;
    expect(by(hashAlgorithm('sha512'))?.hash).toBe('sha512');
    expect(by(sequence(objectIdentifier('1.2.3')))).toMatchObject({ hash: undefined });
  });

  test.each<[string, readonly Uint8Array[]]>([
    ['a second message digest', [...required, messageDigestAttribute(Buffer.from('x'))]],
    ['a second content type', [...required, contentTypeAttribute('1.2.3')]],
    ['a second signing time', [...required, signingTimeAttribute(time), signingTimeAttribute(new Date(0))]],
    [
      'a second certificate reference',
      [...required, ...[1, 2].map((b) => signingCertificateAttribute(Uint8Array.of(b)))],
    ],
    [
      'a message digest with two values',
      [contentTypeAttribute(), attribute(Oid.messageDigest, octetString(CONTENT), octetString(CONTENT))],
    ],
    ['a message digest without value', [contentTypeAttribute(), attribute(Oid.messageDigest)]],
    ['a message digest that is no OCTET STRING', [attribute(Oid.messageDigest, NULL)]],
    ['a content type that is no identifier', [attribute(Oid.contentType, NULL)]],
    ['a signing time that is none', [attribute(Oid.signingTime, element(0x17, Buffer.from('x')))]],
    [
      'a certificate reference without hash',
      [attribute(Oid.signingCertificateV2, sequence(sequence(sequence())))],
    ],
    ['a certificate reference to nothing', [attribute(Oid.signingCertificateV2, sequence(sequence()))]],
    ['an attribute of three fields', [sequence(objectIdentifier('1.2.3'), setOf(), NULL)]],
    ['65 attributes', Array.from({ length: 65 }, (_, i) => attribute(`1.2.${i}`))],
  ])('are refused with %s', (_, attributes) => {
    expect(() => read({ attributes })).toThrow(CoreError);
  });
});

describe('the signer', () => {
  test('is named by issuer and serial number, both', () => {
    const { names } = read();
    expect(names(readCertificate(certificate))).toBe(true);
    expect(names(readCertificate(makeHolder(key, { serial: 9 })))).toBe(false);
    const elsewhere = sequence(
      ...[1, 2].map(() => setOf(sequence(objectIdentifier('2.5.4.3'), element(12)))),
    );
    expect(names(readCertificate(makeHolder(key, { issuer: elsewhere })))).toBe(false);
  });

  test('is named by the key identifier, if the certificate has one', () => {
    const id = Uint8Array.of(1, 2, 3);
    const { names } = read({ identifier: element(0x80, id) });
    const holder = (...extensions: Uint8Array[]) => readCertificate(makeHolder(key, { extensions }));
    expect(names(holder(SIGN_USAGE, subjectKeyIdentifier(id)))).toBe(true);
    expect(names(holder(SIGN_USAGE, subjectKeyIdentifier(Uint8Array.of(1))))).toBe(false);
    expect(names(holder(SIGN_USAGE))).toBe(false);
  });

  test('is not named by an empty key identifier', () => {
    expect(read({ identifier: element(0x80) }).names(readCertificate(certificate))).toBe(false);
  });

  test('is not named by a certificate whose key identifier is malformed, which is no error', () => {
    const odd = readCertificate(makeHolder(key, { extensions: [SIGN_USAGE, extension('2.5.29.14', NULL)] }));
    expect(read({ identifier: element(0x80, Uint8Array.of(1)) }).names(odd)).toBe(false);
  });

  test.each<[string, Uint8Array]>([
    ['by issuer alone', sequence(CA_NAME)],
    ['by three fields', sequence(CA_NAME, integer(1), NULL)],
    ['by a padded serial number', sequence(CA_NAME, element(2, Uint8Array.of(0, 1)))],
    ['by a constructed key identifier', element(0xa0, octetString(CONTENT))],
  ])('is refused when named %s', (_, identifier) => {
    expect(() => read({ identifier })).toThrow(CoreError);
  });
});

describe('the algorithms', () => {
  const combined = (hash: 'sha1' | 'sha256' | 'sha512') =>
    sequence(objectIdentifier(rsaSignatureOid(hash)), NULL);

  test.each<[string, Uint8Array, boolean]>([
    ['rsaEncryption', RSA_ENCRYPTION, true],
    ['rsaEncryption without NULL', sequence(objectIdentifier(Oid.rsaEncryption)), true],
    ['the combined identifier of the same hash', combined('sha256'), true],
    ['the combined identifier of another hash', combined('sha512'), false],
    ['the combined identifier of a weaker hash', combined('sha1'), false],
    ['RSA-PSS', sequence(objectIdentifier('1.2.840.113549.1.1.10'), sequence()), false],
    ['ECDSA', sequence(objectIdentifier('1.2.840.10045.4.3.2')), false],
    ['rsaEncryption with parameters', sequence(objectIdentifier(Oid.rsaEncryption), integer(1)), false],
  ])('%s is PKCS#1 v1.5 with this hash: %3$s', (_, signatureAlgorithm, expected) => {
    expect(read({ signatureAlgorithm }).isRsa).toBe(expected);
  });

  test('an unknown hash is no hash, and no combined identifier fits it', () => {
    const digestAlgorithm = sequence(objectIdentifier('2.16.840.1.101.3.4.2.8'));
    expect(read({ digestAlgorithm, signatureAlgorithm: combined('sha256') })).toMatchObject({
      hash: undefined,
      isRsa: false,
    });
  });
});
