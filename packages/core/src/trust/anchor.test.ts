import { describe, expect, test } from 'vitest';
import {
  BASIC_CONSTRAINTS_CA,
  CA_NAME,
  keyNamed,
  keyUsage,
  makeCa,
  makeHolder,
} from '../../test/support/certificates.ts';
import { CertificateFormatError } from '../errors.ts';
import { readCertificate } from '../x509/certificate.ts';
import { anchorFromCertificate, anchorFromFacts } from './anchor.ts';

const ca = keyNamed('ca');

describe('an anchor', () => {
  test('has the name, key, lifetime and fingerprint of its certificate', () => {
    const certificate = readCertificate(makeCa(ca));
    const anchor = anchorFromCertificate(certificate.der, {
      hierarchy: 'simulator',
      purpose: 'sign',
      generation: 2,
    });
    expect(anchor).toMatchObject({
      kind: 'key',
      hierarchy: 'simulator',
      purpose: 'sign',
      generation: 2,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
    });
    expect(Buffer.from(anchor.subject)).toEqual(Buffer.from(CA_NAME));
    expect(Buffer.from(anchor.fingerprint)).toEqual(Buffer.from(certificate.fingerprint()));
    expect(anchor.publicKey.equals(ca.publicKey)).toBe(true);
  });

  test('out of a certificate is custom unless it is said to be more', () => {
    expect(anchorFromCertificate(makeCa(ca)).hierarchy).toBe('custom');
    expect(anchorFromCertificate(readCertificate(makeCa(ca))).purpose).toBeUndefined();
  });

  test('out of recorded facts is the same', () => {
    const { n } = ca.publicKey.export({ format: 'jwk' });
    const anchor = anchorFromFacts({
      hierarchy: 'custom',
      subject: Buffer.from(CA_NAME).toString('hex'),
      modulus: Buffer.from(n ?? '', 'base64url').toString('hex'),
      notBefore: '2025-01-01T00:00:00Z',
      notAfter: '2035-01-01T00:00:00Z',
      sha256: 'ab'.repeat(32),
    });
    expect(anchor.publicKey.equals(ca.publicKey)).toBe(true);
    expect(anchor.publicKey).toBe(anchor.publicKey);
    expect(anchor.notBefore).toBe(Date.UTC(2025, 0, 1));
    expect(anchor.fingerprint).toHaveLength(32);
  });
});

test.each([
  ['a holder', makeHolder(keyNamed('signer'))],
  ['a certificate without extensions', makeCa(ca, { extensions: [] })],
  ['a CA that may not sign certificates', makeCa(ca, { extensions: [keyUsage(0x02), BASIC_CONSTRAINTS_CA] })],
  ['no certificate', new Uint8Array(8)],
])('%s becomes no anchor', (_, der) => {
  expect(() => anchorFromCertificate(der)).toThrow(CertificateFormatError);
});

test('a CA without keyUsage may sign certificates (RFC 5280, 4.2.1.3)', () => {
  expect(anchorFromCertificate(makeCa(ca, { extensions: [BASIC_CONSTRAINTS_CA] })).kind).toBe('key');
});
