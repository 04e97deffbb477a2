import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, CoreError, nameAttributes, nameText, readCertificate } from '@jpki/core';
import { readSignedData, VerificationCache, verifySignedData } from '@jpki/core/cms';
import { DerReader } from '@jpki/core/der';
import { anchorFromCertificate, checkPath, productionAnchors, testAnchors } from '@jpki/core/trust';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedPath, sharedRequirement } from '../src/shared-folder.ts';

/**
 * Files that OpenSSL's fuzzers found interesting. Every one must end in a clean parse or a typed error, with work
 * and memory bounded by its size. Work is counted, not timed; the watchdog is the test's time-out.
 */

const CORPORA = [
  ['acert', 599],
  ['asn1', 648],
  ['asn1parse', 533],
  ['cms', 1389],
  ['crl', 2064],
  ['x509', 849],
] as const;
const AT = new Date('2026-01-01T00:00:00Z');
const trust = [...productionAnchors(), ...testAnchors()];

type Outcome = 'parsed' | CoreError;

/** Runs `work`; any exception but our own fails the test. */
function attempt(work: () => unknown): Outcome {
  try {
    work();
    return 'parsed';
  } catch (error) {
    if (error instanceof CoreError) return error;
    throw error;
  }
}

/** Walks every element of every level and returns how many there were. */
function countElements(bytes: Uint8Array): number {
  const levels = [new DerReader(bytes)];
  let count = 0;
  for (let level = levels.pop(); level !== undefined; level = levels.pop()) {
    for (; level.more; count++) {
      level.next();
      if ((level.tag & 0x20) !== 0) levels.push(level.enter());
    }
  }
  return count;
}

/** Asks a certificate for everything it can tell. */
function askAll(certificate: Certificate): void {
  const questions = [
    () => certificate.publicKey,
    () => certificate.holderAttributes(),
    () => certificate.extensions.keyUsage(),
    () => certificate.extensions.isCa(),
    () => certificate.extensions.policies(),
    () => certificate.extensions.extendedKeyUsages(),
    () => certificate.extensions.subjectKeyIdentifier(),
    () => certificate.extensions.authorityKeyIdentifier(),
    () => anchorFromCertificate(certificate),
  ];
  for (const question of questions) attempt(question);
  // What was read can be shown, and judged, without an exception.
  expect(nameText(certificate.issuer) + nameText(certificate.subject)).not.toMatch(/\p{Cc}/u);
  expect(certificate.commonName ?? '').toBeTypeOf('string');
  const { findings } = checkPath(certificate, { trust, purpose: 'sign', at: AT.getTime() });
  expect(findings).not.toEqual([]);
}

describe(
  'hostile DER of the OpenSSL fuzz corpora',
  sharedRequirement('vectors', 'openssl-fuzz-corpora'),
  () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'jpki-corpora-'));
      const archive = sharedPath('vectors', 'openssl-fuzz-corpora', 'corpora.tar.gz');
      execFileSync('tar', ['-xzf', archive, '-C', folder]);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const files = (corpus: string) =>
      readdirSync(join(folder, corpus)).map(
        (name) => [name, readFileSync(join(folder, corpus, name))] as const,
      );

    test.each(CORPORA)('%s: each of %i files ends in a parse or a typed error', (corpus, expected) => {
      const all = files(corpus);
      expect(all).toHaveLength(expected);
      const cache = new VerificationCache(16);
      const before = process.memoryUsage().rss;
      for (const [, bytes] of all) {
        attempt(() => expect(countElements(bytes)).toBeLessThanOrEqual(bytes.length / 2));
        attempt(() => nameAttributes(bytes));
        attempt(() => askAll(readCertificate(bytes)));
        attempt(() => {
          const verdict = verifySignedData(readSignedData(bytes), { trust, at: AT, content: bytes, cache });
          expect(verdict.status).not.toBe('valid');
        });
      }
      expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    });
  },
);

describe('the certificates of PKITS', sharedRequirement('vectors', 'pkits'), () => {
  // Signatures that are no whole bytes, on purpose: 4.1.2 (bad CA signature) and 4.1.6 (bad DSA signature).
  const BROKEN = ['BadSignedCACert.crt', 'InvalidDSASignatureTest6EE.crt'];

  test('are read, all but the broken ones: the parser is strict, not shut', () => {
    const names = readdirSync(sharedPath('vectors', 'pkits', 'certs'));
    const refused = names.filter((name) => {
      const bytes = readFileSync(sharedPath('vectors', 'pkits', 'certs', name));
      return attempt(() => askAll(readCertificate(bytes))) !== 'parsed';
    });
    expect([names.length, refused]).toEqual([405, BROKEN]);
  });
});
