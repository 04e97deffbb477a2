import { describe, expect, test } from 'vitest';
import {
  extension,
  keyNamed,
  makeHolder,
  name,
  SIGN_USAGE,
  subjectKeyIdentifier,
} from '../../test/support/certificates.ts';
import {
  attribute,
  contentTypeAttribute,
  hashAlgorithm,
  makeMessage,
  makeSignerInfo,
  messageDigestAttribute,
  signingCertificateAttribute,
  signingTimeAttribute,
} from '../../test/support/messages.ts';
import { endingEarly } from '../../test/support/sources.ts';
import {
  CONTENT,
  certificate,
  codesOf,
  detached,
  key,
  OTHER,
  options,
  readDetached,
  verify,
} from '../../test/support/verification.ts';
import { element, NULL, octetString, sequence } from '../der/writer.ts';
import { digestOf, type HashName } from '../digest-info.ts';
import { Oid } from '../oids.ts';
import { readSignedData } from './signed-data.ts';
import { formatVerdict, verifySignedData } from './verify.ts';

describe('a right signature', () => {
  test('is valid, and tells who signed and when he says he did', () => {
    const signingTime = new Date('2026-02-03T04:05:06Z');
    const attributes = [
      contentTypeAttribute(),
      messageDigestAttribute(CONTENT),
      signingTimeAttribute(signingTime),
    ];
    const verdict = verify({ signer: { attributes } });
    expect(verdict.status).toBe('valid');
    const [report] = verdict.signatures;
    expect(report).toMatchObject({ status: 'valid', findings: [], signingTime, level: undefined });
    expect(Buffer.from(report?.certificate?.der ?? [])).toEqual(Buffer.from(certificate));
    expect(report?.anchor).toBe(options.trust[0]);
  });

  test('is indeterminate as long as nobody accepts that revocation is not checked', () => {
    const { revocation: _, ...open } = options;
    const verdict = verifySignedData(readDetached(), { ...open, content: CONTENT });
    expect([verdict.status, verdict.signatures[0]?.status]).toEqual(['indeterminate', 'indeterminate']);
    expect(verdict.notChecked.map(({ code }) => code)).toEqual(['REVOCATION']);
    expect(codesOf(verdict)).toEqual([]);
  });

  test('says that revocation was not checked even where that is accepted', () => {
    expect(verify().notChecked.map(({ code }) => code)).toEqual(['REVOCATION']);
  });

  test('has baseline B only with all four attributes', () => {
    const all = [
      contentTypeAttribute(),
      messageDigestAttribute(CONTENT),
      signingTimeAttribute(new Date()),
      signingCertificateAttribute(digestOf('sha256', certificate)),
    ];
    expect(verify({ signer: { attributes: all } }).signatures[0]?.level).toBe('B');
    expect(verify({ signer: { attributes: all.slice(0, 3) } }).signatures[0]?.level).toBeUndefined();
  });

  test('is checked at the time of now when none is said', () => {
    const { at: _, ...now } = options;
    const read = readSignedData(makeMessage({ ...detached, content: CONTENT }));
    expect(verifySignedData(read, now).status).toBe('valid');
  });

  test('may name its certificate by the key identifier, with a malformed stranger beside it', () => {
    const id = Uint8Array.of(7, 7);
    const stranger = makeHolder(key, { serial: 5, extensions: [SIGN_USAGE, extension('2.5.29.14', NULL)] });
    const der = makeHolder(key, { extensions: [SIGN_USAGE, subjectKeyIdentifier(id)] });
    const junk = sequence(NULL);
    const verdict = verify({
      signer: { certificate: der, identifier: element(0x80, id) },
      message: { certificates: [junk, stranger, der] },
    });
    expect(verdict.status).toBe('valid');
  });

  test.each(['sha256', 'sha384', 'sha512'] as const)('may be made with %s', (hash) => {
    expect(verify({ signer: { hash } }).status).toBe('valid');
  });
});

describe('a certificate of the same issuer and serial number put in the place of the right one', () => {
  const attributes = [
    contentTypeAttribute(),
    messageDigestAttribute(CONTENT),
    signingCertificateAttribute(digestOf('sha256', certificate)),
  ];

  test('with the same key is found by the reference alone', () => {
    const again = makeHolder(key, { subject: name(['CN', 'Somebody else']) });
    const verdict = verify({ signer: { attributes }, message: { certificates: [again] } });
    expect(codesOf(verdict)).toEqual(['SIGNER_CERTIFICATE_SWAPPED']);
  });

  test('with another key is found by both', () => {
    const other = makeHolder(keyNamed('other'));
    const verdict = verify({ signer: { attributes }, message: { certificates: [other] } });
    expect(codesOf(verdict)).toEqual(['SIGNATURE_WRONG', 'SIGNER_CERTIFICATE_SWAPPED']);
  });
});

describe('a detached signature', () => {
  test('takes the document as bytes or as digests', () => {
    const digests = new Map<HashName, Uint8Array>([['sha256', digestOf('sha256', CONTENT)]]);
    for (const content of [CONTENT, digests]) {
      expect(verifySignedData(readDetached(), { ...options, content }).status).toBe('valid');
    }
    expect(codesOf(verifySignedData(readDetached(), { ...options, content: OTHER }))).toEqual([
      'CONTENT_CHANGED',
    ]);
  });

  test('with digests that lack its hash is neither right nor wrong', () => {
    const content = new Map<HashName, Uint8Array>([['sha512', digestOf('sha512', CONTENT)]]);
    expect(codesOf(verifySignedData(readDetached(), { ...options, content }))).toEqual(['CONTENT_MISSING']);
  });

  test('over an empty digest fits no document, whatever digests were given', () => {
    const attributes = [contentTypeAttribute(), attribute(Oid.messageDigest, octetString(new Uint8Array()))];
    const signer = makeSignerInfo({ key, certificate, content: CONTENT, attributes });
    const read = readSignedData(makeMessage({ ...detached, signerInfos: [signer] }));
    for (const content of [CONTENT, new Map<HashName, Uint8Array>()]) {
      expect(verifySignedData(read, { ...options, content }).status).not.toBe('valid');
    }
  });
});

describe('an attached document', () => {
  const attached = readSignedData(makeMessage({ ...detached, content: CONTENT }));

  test('beside the very same one is valid', () => {
    expect(verifySignedData(attached, { ...options, content: CONTENT }).status).toBe('valid');
  });

  test('may be hashed by the caller', () => {
    const right = new Map<HashName, Uint8Array>([['sha256', digestOf('sha256', CONTENT)]]);
    const wrong = new Map<HashName, Uint8Array>([['sha256', digestOf('sha256', OTHER)]]);
    expect(verifySignedData(attached, { ...options, attachedDigests: right }).status).toBe('valid');
    expect(codesOf(verifySignedData(attached, { ...options, attachedDigests: wrong }))).toEqual([
      'CONTENT_CHANGED',
    ]);
  });

  test('that cannot be read to its end is an error of reading, no verdict', () => {
    const message = makeMessage({ ...detached, content: CONTENT });
    const at = Buffer.from(message).indexOf(CONTENT);
    const read = { ...readSignedData(message), source: endingEarly(message, at + 3) };
    expect(() => verifySignedData(read, options)).toThrow(RangeError);
  });
});

test('a document that is itself a SET OF attributes gains nothing: signatures without attributes are not accepted', () => {
  // What the key signed were these attributes; presented as a document, the signature value fits.
  const attributes = [contentTypeAttribute(), messageDigestAttribute(CONTENT)];
  const set = element(0x31, ...attributes.toSorted(Buffer.compare));
  const info = makeSignerInfo({ key, certificate, content: set, attributes: null });
  const message = makeMessage({ signerInfos: [info], certificates: [certificate], content: set });
  expect(verifySignedData(readSignedData(message), options).status).toBe('indeterminate');
});

test('a moment that is no date is refused', () => {
  expect(() => verify({ options: { at: new Date('yesterday') } })).toThrow(RangeError);
});

test('no signature at all has a verdict too', () => {
  expect(formatVerdict()).toMatchObject({ status: 'invalid', signatures: [] });
  expect(codesOf(formatVerdict())).toEqual(['FORMAT_INVALID']);
});

test('an algorithm identifier of the digest with parameters of its own is not the hash it names', () => {
  const digestAlgorithm = sequence(...[hashAlgorithm('sha256').subarray(2, 13), sequence()]);
  expect(codesOf(verify({ signer: { digestAlgorithm } }))).toEqual(['ALGORITHM_NOT_ACCEPTED']);
});
