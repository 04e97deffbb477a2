import { sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyNamed, makeCa, makeHolder } from '../../test/support/certificates.ts';
import {
  attribute,
  contentTypeAttribute,
  messageDigestAttribute,
  signingCertificateAttribute,
  signingTimeAttribute,
} from '../../test/support/messages.ts';
import { setOf } from '../der/writer.ts';
import { digestOf, type HashName } from '../digest-info.ts';
import { CertificateFormatError, SignatureMismatchError } from '../errors.ts';
import { softwareSigner } from '../software-signer.ts';
import { readCertificate } from '../x509/certificate.ts';
import { completeSignature, prepareSignature, signContentDigest } from './prepare.ts';

const key = keyNamed('signer');
const certificate = makeHolder(key);
const CONTENT = Buffer.from('content');
const signingTime = new Date('2026-01-02T03:04:05Z');

describe('the first phase', () => {
  test.each(['sha256', 'sha384', 'sha512'] as const)(
    'lays out exactly the CAdES attributes, with %s',
    (hash) => {
      const prepared = prepareSignature({
        contentDigest: digestOf(hash, CONTENT),
        hash,
        certificate,
        signingTime,
      });
      const expected = setOf(
        contentTypeAttribute(),
        messageDigestAttribute(CONTENT, hash),
        signingTimeAttribute(signingTime),
        signingCertificateAttribute(digestOf('sha256', certificate)),
      );
      expect(Buffer.from(prepared.signedAttributes)).toEqual(Buffer.from(expected));
      expect(prepared.toBeSigned).toEqual(digestOf(hash, expected));
      expect(prepared.hash).toBe(hash);
    },
  );

  test('leaves the signing time out where PAdES forbids it', () => {
    const prepared = prepareSignature({
      contentDigest: digestOf('sha256', CONTENT),
      certificate,
      signingTime: null,
    });
    const expected = setOf(
      contentTypeAttribute(),
      messageDigestAttribute(CONTENT),
      signingCertificateAttribute(digestOf('sha256', certificate)),
    );
    expect(Buffer.from(prepared.signedAttributes)).toEqual(Buffer.from(expected));
  });

  test('is the same bytes for the same request', () => {
    const request = { contentDigest: digestOf('sha256', CONTENT), certificate, signingTime };
    expect(prepareSignature(request).signedAttributes).toEqual(prepareSignature(request).signedAttributes);
  });

  test('takes the time of now when none is said', () => {
    const prepared = prepareSignature({ contentDigest: digestOf('sha256', CONTENT), certificate });
    const time = attribute('1.2.840.113549.1.9.5').subarray(2, 13);
    expect(Buffer.from(prepared.signedAttributes).includes(Buffer.from(time))).toBe(true);
  });

  test.each([0, 20, 31, 33, 64])('refuses a SHA-256 digest of %i bytes', (length) => {
    const request = { contentDigest: new Uint8Array(length), certificate };
    expect(() => prepareSignature(request)).toThrow(RangeError);
  });

  test('makes no SHA-1 signatures, not even for callers without types', () => {
    const request = { contentDigest: new Uint8Array(20), certificate, ...JSON.parse('{"hash":"sha1"}') };
    expect(() => prepareSignature(request)).toThrow(RangeError);
  });

  test('refuses what is no certificate, also in the chain, and what is no date', () => {
    const contentDigest = digestOf('sha256', CONTENT);
    const junk = Uint8Array.of(1, 2, 3);
    expect(() => prepareSignature({ contentDigest, certificate: junk })).toThrow(CertificateFormatError);
    expect(() => prepareSignature({ contentDigest, certificate, chain: [junk] })).toThrow(
      CertificateFormatError,
    );
    const never = new Date(Number.NaN);
    expect(() => prepareSignature({ contentDigest, certificate, signingTime: never })).toThrow(RangeError);
  });
});

describe('the second phase', () => {
  const prepared = prepareSignature({ contentDigest: digestOf('sha256', CONTENT), certificate, signingTime });
  const signature = sign('sha256', prepared.signedAttributes, key.privateKey);

  test('takes the signature over what was prepared', () => {
    expect(completeSignature(prepared, signature)).toEqual({ prepared, signature });
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['zeros', new Uint8Array(256)],
    ['255 bytes', signature.subarray(1)],
    ['257 bytes', Buffer.concat([signature, Uint8Array.of(0)])],
    ['one changed bit', Buffer.from(signature).fill((signature[9] ?? 0) ^ 1, 9, 10)],
    ['another hash', sign('sha512', prepared.signedAttributes, key.privateKey)],
    ['another message', sign('sha256', CONTENT, key.privateKey)],
    ['another key', sign('sha256', prepared.signedAttributes, keyNamed('other').privateKey)],
  ])('refuses %s', (_, wrong) => {
    expect(() => completeSignature(prepared, wrong)).toThrow(SignatureMismatchError);
  });

  test('refuses a signature that lost its leading zero, which no verifier would take', () => {
    for (let second = 0; ; second++) {
      const time = new Date(signingTime.getTime() + second * 1000);
      const other = prepareSignature({
        contentDigest: digestOf('sha256', CONTENT),
        certificate,
        signingTime: time,
      });
      const full = sign('sha256', other.signedAttributes, key.privateKey);
      if (full[0] !== 0) continue;
      expect(completeSignature(other, full).signature).toBe(full);
      expect(() => completeSignature(other, full.subarray(1))).toThrow(SignatureMismatchError);
      break;
    }
  });
});

test('a signer is asked once, with the digest of the attributes, and its chain travels along', async () => {
  const chain = [makeCa(keyNamed('ca'))];
  const signer = softwareSigner({ privateKey: key.privateKey, certificate, chain });
  const asked: [HashName, Uint8Array][] = [];
  const watched = {
    ...signer,
    sign: (hash: HashName, digest: Uint8Array) => {
      asked.push([hash, digest]);
      return signer.sign(hash, digest);
    },
  };
  const { prepared } = await signContentDigest({ contentDigest: digestOf('sha256', CONTENT) }, watched);
  expect(asked).toEqual([['sha256', prepared.toBeSigned]]);
  expect(prepared.chain).toEqual(chain);
});

test('a signer that returns something else puts nothing into a file', async () => {
  const signer = softwareSigner({ privateKey: keyNamed('other').privateKey, certificate });
  await expect(signContentDigest({ contentDigest: digestOf('sha256', CONTENT) }, signer)).rejects.toThrow(
    SignatureMismatchError,
  );
});

describe('a signer that signs again', () => {
  const contentDigest = digestOf('sha256', CONTENT);

  test('has its certificate read once', async () => {
    const signer = softwareSigner({ privateKey: key.privateKey, certificate });
    const [first, second] = [
      await signContentDigest({ contentDigest }, signer),
      await signContentDigest({ contentDigest: digestOf('sha256', Buffer.from('other')) }, signer),
    ];
    expect(second.prepared.certificate).toBe(first.prepared.certificate);
    expect(second.prepared.toBeSigned).not.toEqual(first.prepared.toBeSigned);
  });

  test('is checked every time', async () => {
    const signer = softwareSigner({ privateKey: key.privateKey, certificate });
    const { signature } = await signContentDigest({ contentDigest, signingTime }, signer);
    let wrong = signature;
    const moody = { ...signer, sign: async () => wrong };
    await signContentDigest({ contentDigest, signingTime }, moody);
    wrong = Buffer.from(signature).reverse();
    await expect(signContentDigest({ contentDigest, signingTime }, moody)).rejects.toThrow(
      SignatureMismatchError,
    );
  });

  test('may have another certificate by then, also in the same bytes', async () => {
    const renewed = makeHolder(key, { serial: 0x77_77 });
    const bytes = new Uint8Array(certificate);
    const signer = { ...softwareSigner({ privateKey: key.privateKey, certificate: bytes }) };
    await signContentDigest({ contentDigest }, signer);
    expect(renewed.length).toBe(bytes.length);
    bytes.set(renewed);
    const inPlace = await signContentDigest({ contentDigest }, signer);
    expect(Buffer.from(inPlace.prepared.certificate.der)).toEqual(Buffer.from(renewed));
    const replaced = await signContentDigest({ contentDigest }, Object.assign(signer, { certificate }));
    expect(Buffer.from(replaced.prepared.certificate.der)).toEqual(Buffer.from(certificate));
  });
});

test('a certificate that was read before is not read again', () => {
  const read = readCertificate(certificate);
  const request = { contentDigest: digestOf('sha256', CONTENT), signingTime };
  const prepared = prepareSignature({ ...request, certificate: read });
  expect(prepared.certificate).toBe(read);
  expect(prepared.signedAttributes).toEqual(prepareSignature({ ...request, certificate }).signedAttributes);
});
