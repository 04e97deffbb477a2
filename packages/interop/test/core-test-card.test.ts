import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Certificate, nameText, readCertificate } from '@jpki/core';
import {
  anchorFromCertificate,
  checkPath,
  type PathOptions,
  type Purpose,
  productionAnchors,
  type Trust,
  testAnchors,
} from '@jpki/core/trust';
import { describe, expect, test } from 'vitest';
import { requirements } from '../src/requirement.ts';
import { sharedPath, sharedRequirement } from '../src/shared-folder.ts';

const needs = requirements(sharedRequirement('test-card'), sharedRequirement('trust-anchors.json'));
const load = (path: string): Certificate => readCertificate(readFileSync(sharedPath('test-card', path)));
const hex = (bytes: Uint8Array | undefined): string =>
  Buffer.from(bytes ?? [])
    .toString('hex')
    .toUpperCase();

/** What the README of the test card says, read there: the holder's values do not enter this repository. */
const stated = (pattern: RegExp): (string | undefined)[] =>
  readFileSync(sharedPath('test-card', 'README.md'), 'utf8').match(pattern)?.slice(1) ?? [];

/** What the test card's README says of each file: SHA-256, serial number, first and last second, SKI. */
const FILES = [
  [
    'jpki/0001-sign-cert.der',
    'b3994bc27590a3e8a58be28dc1b9554281fc010cfbe03ae1dd858563a7f68d27',
    '1EE607',
    '2025-10-27T01:35:57Z',
    '2030-02-17T14:59:59Z',
    /^130B3180.*1218$/,
  ],
  [
    'jpki/0002-sign-ca.der',
    '8126df7dd2db230bd8ee48caa40fc3417dde3607050ed34973d8d3cf267fe723',
    '1EA8A8',
    '2024-08-28T22:23:39Z',
    '2034-08-28T14:59:59Z',
    /^410021476B2BCF2C8A2BBBF83B38A978863DA142$/,
  ],
  [
    'jpki/000A-auth-cert.der',
    '1dc4c0de26e87426820cdbc53b3dd5def59aa8f0b2314105f58f4fc4c922f904',
    '227B13',
    '2025-10-27T01:35:42Z',
    '2030-02-17T14:59:59Z',
    /^E598D338.*81E4$/,
  ],
  [
    'jpki/000B-auth-ca.der',
    '5a0e7d690c718fadebc7fb6eff66a6dd623458debc1aa6fb1778bfe157cbeb25',
    '218887',
    '2023-03-23T02:05:02Z',
    '2033-03-22T14:59:59Z',
    /^8B8B137D215EA601653CAFB266528C44BC0F1664$/,
  ],
  [
    'jpki-2021-card/0002-sign-ca.der',
    '7bdbdf2652a15e6d458efc143b7201242e1162416251d0903060fa7c642465cc',
    'C139',
    '2019-07-17T23:14:37Z',
    '2029-07-17T14:59:59Z',
    /^E7D873D8084586841E744CFE51C36D131852C9C5$/,
  ],
  [
    'jpki-2021-card/000B-auth-ca.der',
    'b6de0ff5a384f5af0242a6ca854dee57ee2cad97b341f18b914948fd8e638706',
    'BFCD',
    '2019-03-09T02:23:28Z',
    '2029-03-08T14:59:59Z',
    /^2BF31B3518507339ED2850253BADA2AA79FFC5C8$/,
  ],
] as const;

describe('the certificates of the test card', needs, () => {
  test.each(FILES)(
    '%s parses to what its README states',
    (path, sha256, serial, notBefore, notAfter, keyId) => {
      const certificate = load(path);
      expect(hex(certificate.fingerprint()).toLowerCase()).toBe(sha256);
      expect(certificate.serialNumberText).toBe(serial);
      expect(certificate.notBefore).toBe(Date.parse(notBefore));
      expect(certificate.notAfter).toBe(Date.parse(notAfter));
      expect(hex(certificate.extensions.subjectKeyIdentifier())).toMatch(keyId);
      expect(certificate.signatureHash).toBe('sha256');
      expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({
        modulusLength: 2048,
        publicExponent: 65_537n,
      });
      expect(certificate.extensions.unknownCritical).toBe(false);
      expect(certificate.publicKey.equals(new X509Certificate(certificate.der).publicKey)).toBe(true);
    },
  );

  test('the signing certificate carries the four attributes of its holder', () => {
    const certificate = load('jpki/0001-sign-cert.der');
    const [name, birth, sex, address] = stated(/\.1 `(.+?)`, \.4 `3(\d{8})`, \.3 `(\d)`,\s+\.5 `(.+?)`/);
    expect([name?.length, address?.length, sex]).toEqual([5, 18, '1']);
    expect(certificate.holderAttributes()).toEqual({
      name,
      birthDate: birth?.replace(/(....)(..)(..)/, '$1-$2-$3'),
      sex: 'male',
      address,
    });
    const [subject] = stated(/subject `(C=JP, L=.+?)`/);
    expect(nameText(certificate.subject)).toBe(subject);
    expect(certificate.extensions.keyUsage()).toBe(0xc0);
    expect(certificate.extensions.policies()).toEqual(['1.2.392.200149.8.5.1.0.20']);
    expect(certificate.extensions.extendedKeyUsages()).toEqual([]);
  });

  test('the login certificate tells nothing of its holder', () => {
    const certificate = load('jpki/000A-auth-cert.der');
    expect(certificate.holderAttributes()).toEqual({});
    const [commonName] = stated(/subject `C=JP, CN=(.+?)`/);
    expect(certificate.commonName).toBe(commonName);
    expect(nameText(certificate.subject)).toBe(`C=JP, CN=${commonName}`);
    expect(certificate.extensions.keyUsage()).toBe(0x80);
    expect(certificate.extensions.policies()).toEqual(['1.2.392.200149.8.5.1.0.30']);
    expect(certificate.extensions.extendedKeyUsages()).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  test.each([
    ['sign', 'jpki/0002-sign-ca.der', 'jpki-2021-card/0002-sign-ca.der', 'JPKI for digital signature'],
    ['auth', 'jpki/000B-auth-ca.der', 'jpki-2021-card/000B-auth-ca.der', 'JPKI for user authentication'],
  ])('the two %s CAs share their name, sign themselves, and not each other', (_, first, second, unit) => {
    const [a, b] = [load(first), load(second)];
    const agency = 'Japan Agency for Local Authority Information Systems';
    expect(nameText(a.subject)).toBe(`C=JP, O=JPKI-TEST, OU=${unit}, OU=${agency}`);
    expect(hex(a.subject)).toBe(hex(b.subject));
    expect([a.isSignedBy(a.publicKey), b.isSignedBy(b.publicKey)]).toEqual([true, true]);
    expect([a.isSignedBy(b.publicKey), b.isSignedBy(a.publicKey)]).toEqual([false, false]);
    expect([a.extensions.isCa(), b.extensions.isCa()]).toEqual([true, true]);
    expect(a.extensions.keyUsage()).toBe(0x06);
  });
});

describe('the holders of the test card', needs, () => {
  const AT = Date.parse('2026-06-01T00:00:00Z');
  const holders: readonly (readonly [Purpose, string, string, string])[] = [
    ['sign', 'jpki/0001-sign-cert.der', 'jpki/0002-sign-ca.der', 'jpki-2021-card/0002-sign-ca.der'],
    ['auth', 'jpki/000A-auth-cert.der', 'jpki/000B-auth-ca.der', 'jpki-2021-card/000B-auth-ca.der'],
  ];

  describe.each(holders)('for %s', (purpose, path, own, other) => {
    const codes = (trust: Trust, options: Partial<PathOptions> = {}) =>
      checkPath(load(path), { trust, purpose, at: AT, ...options }).findings.map(({ code }) => code);
    const test2019 = () => anchorFromCertificate(load(other), { hierarchy: 'test', purpose });
    const test2024 = () => anchorFromCertificate(load(own), { hierarchy: 'test', purpose });

    test('are refused by production trust', () => {
      expect(codes(productionAnchors())).toEqual(['CA_UNKNOWN']);
      expect(codes(productionAnchors(), { candidates: [load(own), load(other)] })).toEqual(['CA_UNKNOWN']);
    });

    test('are accepted under test trust when the CA certificate is at hand, and only then', () => {
      expect(codes(testAnchors())).toEqual(['CA_UNKNOWN']);
      expect(codes(testAnchors(), { candidates: [load(own)] })).toEqual([]);
      expect(codes(testAnchors(), { candidates: [load(other), load(own)] })).toEqual([]);
      expect(codes(testAnchors(), { candidates: [load(other)] })).toEqual(['CA_KEY_MISMATCH']);
    });

    test('are told to the CA that signed them, not to the other one of its name', () => {
      expect(codes([test2019()])).toEqual(['CA_KEY_MISMATCH']);
      for (const trust of [
        [test2019(), test2024()],
        [test2024(), test2019()],
      ]) {
        const { anchor, findings } = checkPath(load(path), { trust, purpose, at: AT });
        expect(findings).toEqual([]);
        expect(hex(anchor?.fingerprint)).toBe(hex(load(own).fingerprint()));
      }
    });

    test('serve no other purpose and are judged by their time', () => {
      const others: Purpose = purpose === 'sign' ? 'auth' : 'sign';
      expect(codes([test2024()], { purpose: others })).toEqual(['CERTIFICATE_PURPOSE_WRONG']);
      expect(codes([test2024()], { at: Date.parse('2030-02-17T15:00:00Z') })).toEqual([
        'CERTIFICATE_EXPIRED',
      ]);
      expect(codes([test2024()], { at: Date.parse('2025-10-27T01:35:00Z') })).toEqual([
        'CERTIFICATE_NOT_YET_VALID',
      ]);
    });

    test('say they are of the test environment: under a production CA they would not do', () => {
      const production = anchorFromCertificate(load(own), { hierarchy: 'production', purpose });
      expect(codes([production])).toEqual(['CERTIFICATE_PURPOSE_WRONG']);
    });
  });
});

interface RecordedAnchor {
  readonly kind: string;
  readonly generation: number;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
  readonly modulus: string;
  readonly exponent: number;
  readonly subjectDer: string;
}

test('the six production anchors are the recorded ones, fact by fact', needs, () => {
  const recorded: { anchors: RecordedAnchor[] } = JSON.parse(
    readFileSync(sharedPath('trust-anchors.json'), 'utf8'),
  );
  const ours = productionAnchors().map((anchor) => ({
    kind: anchor.purpose,
    generation: anchor.generation,
    notBefore: anchor.notBefore,
    notAfter: anchor.notAfter,
    sha256: hex(anchor.fingerprint).toLowerCase(),
    modulus: Buffer.from(anchor.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex'),
    exponent: anchor.publicKey.asymmetricKeyDetails?.publicExponent,
    subjectDer: hex(anchor.subject).toLowerCase(),
  }));
  const theirs = recorded.anchors.map((anchor) => ({
    kind: anchor.kind,
    generation: anchor.generation,
    notBefore: Date.parse(anchor.notBefore),
    notAfter: Date.parse(anchor.notAfter),
    sha256: anchor.sha256,
    modulus: anchor.modulus,
    exponent: BigInt(anchor.exponent),
    subjectDer: anchor.subjectDer,
  }));
  expect(ours).toEqual(theirs);
});

test('the hashes of the test anchors are those of the test CA certificates', needs, () => {
  const files = FILES.filter(([path]) => path.endsWith('-ca.der')).map(([path]) =>
    createHash('sha256')
      .update(readFileSync(sharedPath('test-card', path)))
      .digest('hex'),
  );
  expect(
    testAnchors()
      .map(({ fingerprint }) => hex(fingerprint).toLowerCase())
      .sort(),
  ).toEqual(files.sort());
});
