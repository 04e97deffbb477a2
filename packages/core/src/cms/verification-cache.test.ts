import { describe, expect, test } from 'vitest';
import { extension, keyNamed, makeCa, makeHolder, SIGN_USAGE } from '../../test/support/certificates.ts';
import { octetString } from '../der/writer.ts';
import { CertificateFormatError } from '../errors.ts';
import { softwareSigner } from '../software-signer.ts';
import { anchorFromCertificate } from '../trust/anchor.ts';
import { readCertificate } from '../x509/certificate.ts';
import { buildSignedData } from './build.ts';
import { readSignedData } from './signed-data.ts';
import { VerificationCache } from './verification-cache.ts';
import { verifySignedData } from './verify.ts';

const key = keyNamed('signer');
const der = makeHolder(key);
const anchor = anchorFromCertificate(makeCa(keyNamed('ca')));
const stranger = anchorFromCertificate(makeCa(keyNamed('other')));

describe('the memory', () => {
  test('gives back the same certificate for the same bytes, and a new one for others', () => {
    const cache = new VerificationCache();
    const known = cache.certificate(der);
    expect(cache.certificate(new Uint8Array(der))).toBe(known);
    expect(cache.certificate(makeHolder(key, { serial: 9 }))).not.toBe(known);
  });

  test('keeps a copy: the caller may overwrite its bytes', () => {
    const cache = new VerificationCache();
    const mine = new Uint8Array(der);
    const known = cache.certificate(mine);
    mine.fill(0);
    expect(Buffer.from(known.der)).toEqual(Buffer.from(der));
    expect(cache.certificate(der)).toBe(known);
  });

  test('is bounded: what was not met for longest goes first', () => {
    const cache = new VerificationCache(2);
    const [a, b, c] = [1, 2, 3].map((serial) => makeHolder(key, { serial }));
    if (!a || !b || !c) throw new Error('three certificates');
    const [firstA, firstB] = [cache.certificate(a), cache.certificate(b)];
    expect(cache.certificate(a)).toBe(firstA);
    cache.certificate(c);
    expect(cache.certificate(a)).toBe(firstA);
    expect(cache.certificate(b)).not.toBe(firstB);
  });

  test('does not keep certificates so large that a stranger could fill the memory with them', () => {
    const cache = new VerificationCache();
    const huge = makeHolder(key, {
      extensions: [SIGN_USAGE, extension('1.2.3', octetString(new Uint8Array(9000)))],
    });
    expect(cache.certificate(huge)).not.toBe(cache.certificate(huge));
    expect(cache.isIssuedBy(readCertificate(huge), anchor)).toBe(true);
  });

  test('throws on what is no certificate, every time', () => {
    const cache = new VerificationCache();
    for (let time = 0; time < 2; time++) {
      expect(() => cache.certificate(Uint8Array.of(1))).toThrow(CertificateFormatError);
    }
  });

  test('is not fooled by a certificate that ends like a known one', () => {
    const cache = new VerificationCache();
    expect(cache.isIssuedBy(cache.certificate(der), anchor)).toBe(true);
    const forged = new Uint8Array(makeHolder(key, { serial: 9, issuerKey: keyNamed('other') }));
    forged.set(der.subarray(-200), forged.length - 200);
    const stranger = cache.certificate(forged);
    expect(Buffer.from(stranger.der)).toEqual(Buffer.from(forged));
    expect(cache.isIssuedBy(stranger, anchor)).toBe(false);
    expect(cache.isIssuedBy(cache.certificate(der), anchor)).toBe(true);
  });

  test('remembers an issuer that was right, per anchor, and never a wrong one', () => {
    const cache = new VerificationCache();
    const certificate = cache.certificate(der);
    for (let time = 0; time < 2; time++) {
      expect(cache.isIssuedBy(certificate, anchor)).toBe(true);
      expect(cache.isIssuedBy(certificate, stranger)).toBe(false);
    }
  });
});

describe('a verification with memory', () => {
  const content = Buffer.from('content');
  const signer = softwareSigner({ privateKey: key.privateKey, certificate: der });
  const at = new Date('2026-06-01T00:00:00Z');

  test('judges time, purpose and trust anew', async () => {
    const message = readSignedData(await buildSignedData(content, [signer]));
    const cache = new VerificationCache();
    const options = { trust: [anchor], at, cache, revocation: 'off' } as const;
    const codes = (change: object) =>
      verifySignedData(message, { ...options, ...change }).signatures.flatMap(({ findings }) =>
        findings.map(({ code }) => code),
      );
    expect(codes({})).toEqual([]);
    expect(codes({ at: new Date('2036-01-01T00:00:00Z') })).toEqual(['CERTIFICATE_EXPIRED', 'CA_EXPIRED']);
    expect(codes({ purpose: 'auth' })).toEqual(['CERTIFICATE_PURPOSE_WRONG']);
    expect(codes({ trust: [stranger] })).toEqual(['CA_KEY_MISMATCH']);
    expect(codes({ trust: [] })).toEqual(['CA_UNKNOWN']);
    expect(codes({})).toEqual([]);
  });

  test('gives the same certificates back', async () => {
    const cache = new VerificationCache();
    const certificates = [];
    for (let time = 0; time < 2; time++) {
      const message = readSignedData(await buildSignedData(content, [signer]));
      const [report] = verifySignedData(message, { trust: [anchor], at, cache }).signatures;
      certificates.push(report?.certificate);
    }
    expect(certificates[0]).toBe(certificates[1]);
  });
});
