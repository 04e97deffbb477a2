import { describe, expect, test } from 'vitest';
import { extension, keyNamed, makeHolder, SIGN_USAGE } from '../../test/support/certificates.ts';
import { makeMessage, makeSignerInfo, type SignerFields } from '../../test/support/messages.ts';
import { CONTENT, ca, certificate, codesOf, key, OTHER, options } from '../../test/support/verification.ts';
import { octetString } from '../der/writer.ts';
import { digestOf, type HashName } from '../digest-info.ts';
import { readSignedData } from './signed-data.ts';
import { type Verdict, verifySignedData } from './verify.ts';

describe('several signers', () => {
  const second = makeHolder(keyNamed('second'), { serial: 2 });
  const good = makeSignerInfo({ key, certificate, content: CONTENT });
  const signedBy = (fields: Partial<SignerFields> = {}) => {
    const info = makeSignerInfo({
      key: keyNamed('second'),
      certificate: second,
      content: CONTENT,
      ...fields,
    });
    const both = { certificates: [certificate, second], content: CONTENT };
    return [
      [good, info],
      [info, good],
    ].map((signerInfos) => verifySignedData(readSignedData(makeMessage({ ...both, signerInfos })), options));
  };

  test('that are all right are valid, each by its own certificate', () => {
    for (const { status, signatures } of signedBy()) {
      expect(status).toBe('valid');
      expect(new Set(signatures.map((report) => report.certificate?.serialNumberText))).toEqual(
        new Set(['1234', '2']),
      );
    }
  });

  test.each<[string, Verdict['status'], Partial<SignerFields>]>([
    ['a wrong one', 'invalid', { key: keyNamed('other') }],
    ['one over another document', 'invalid', { content: OTHER }],
    ['a doubtful one', 'indeterminate', { attributes: null }],
  ])('with %s are %s, whichever comes first', (_, status, fields) => {
    for (const verdict of signedBy(fields)) {
      expect(verdict.status).toBe(status);
      expect(verdict.signatures.map((report) => report.status).sort()).toEqual([status, 'valid'].sort());
    }
  });

  test('with different hashes are each held against their own digest', () => {
    for (const { status } of signedBy({ hash: 'sha512' })) expect(status).toBe('valid');
  });

  test('at an attached document of which not every digest was computed are not valid', () => {
    const info = makeSignerInfo({
      key: keyNamed('second'),
      certificate: second,
      content: CONTENT,
      hash: 'sha512',
    });
    const message = makeMessage({
      signerInfos: [good, info],
      certificates: [certificate, second],
      content: CONTENT,
    });
    const attachedDigests = new Map<HashName, Uint8Array>([['sha256', digestOf('sha256', CONTENT)]]);
    const verdict = verifySignedData(readSignedData(message), { ...options, attachedDigests });
    expect([verdict.status, codesOf(verdict)]).toEqual(['indeterminate', ['CONTENT_MISSING']]);
  });
});

test('64 signers and 256 certificates with pins take no quadratic time', () => {
  const filler = Array.from({ length: 40 }, (_, serial) =>
    makeHolder(key, {
      serial: serial + 100,
      extensions: [SIGN_USAGE, extension('1.2.3', octetString(new Uint8Array(60_000)))],
    }),
  );
  const many = Array.from({ length: 64 }, () => makeSignerInfo({ key, certificate, content: CONTENT }));
  const certificates = [...filler, certificate, ca];
  const pin = { kind: 'pin', hierarchy: 'custom', fingerprint: digestOf('sha256', ca) } as const;
  const read = readSignedData(makeMessage({ signerInfos: many, certificates, content: CONTENT }));
  expect(read.signerInfos).toHaveLength(64);
  const verdict = verifySignedData(read, { ...options, trust: Array(16).fill(pin) });
  expect(verdict.status).toBe('valid');
});
