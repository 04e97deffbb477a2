import { describe, expect, test } from 'vitest';
import { keyNamed, makeCa, makeHolder } from '../../test/support/certificates.ts';
import {
  contentInfo,
  contentTypeAttribute,
  hashAlgorithm,
  indefinite,
  makeMessage,
  makeSignerInfo,
  makeStreamedMessage,
  messageDigestAttribute,
  retagged,
} from '../../test/support/messages.ts';
import { counting, endingEarly, windowed } from '../../test/support/sources.ts';
import { dottedOid } from '../der/oid.ts';
import { element, integer, NULL, objectIdentifier, octetString, sequence, setOf } from '../der/writer.ts';
import { CmsFormatError, CoreError } from '../errors.ts';
import { Oid } from '../oids.ts';
import { anchorFromCertificate } from '../trust/anchor.ts';
import { bytesSource } from './byte-source.ts';
import { contentHashes, readSignedData } from './signed-data.ts';
import { verifySignedData } from './verify.ts';

const key = keyNamed('signer');
const certificate = makeHolder(key);
const ca = makeCa(keyNamed('ca'));
const CONTENT = Buffer.from('content of the document');
const signerInfo = makeSignerInfo({ key, certificate, content: CONTENT });
const attached = makeMessage({
  signerInfos: [signerInfo],
  certificates: [certificate, ca],
  content: CONTENT,
});
const detached = makeMessage({ signerInfos: [signerInfo], certificates: [certificate] });

const status = (message: Parameters<typeof readSignedData>[0], content?: Uint8Array) =>
  verifySignedData(readSignedData(message), {
    trust: [anchorFromCertificate(ca)],
    at: new Date('2026-06-01T00:00:00Z'),
    revocation: 'off',
    ...(content && { content }),
  }).status;

describe('a message', () => {
  test('tells its document, certificates and signers', () => {
    const message = readSignedData(attached);
    expect(message.content?.map(({ start, end }) => attached.subarray(start, end))).toEqual([
      new Uint8Array(CONTENT),
    ]);
    expect(message.certificates.map((der) => Buffer.from(der))).toEqual(
      [certificate, ca].map((der) => Buffer.from(der)),
    );
    expect(dottedOid(message.contentType)).toBe(Oid.data);
    expect(message.signerInfos).toHaveLength(1);
    expect([...contentHashes(message)]).toEqual(['sha256']);
  });

  test('without document is detached', () => {
    expect(readSignedData(detached).content).toBeUndefined();
  });

  test('without certificates or signers is still a message', () => {
    expect(readSignedData(makeMessage({ signerInfos: [signerInfo] })).certificates).toEqual([]);
    expect(readSignedData(makeMessage({ signerInfos: [], certificates: [certificate] })).signerInfos).toEqual(
      [],
    );
  });

  test('may hold CRLs and certificates of other kinds, which are passed over', () => {
    const other = element(0xa1, NULL);
    const crls = element(0xa1, sequence());
    const message = readSignedData(
      makeMessage({ signerInfos: [signerInfo], certificates: [other, certificate], crls }),
    );
    expect(message.certificates.map((der) => Buffer.from(der))).toEqual([Buffer.from(certificate)]);
  });
});

describe('BER, as streaming signers write it', () => {
  const fields = { signerInfos: [signerInfo], certificates: [certificate] };

  test.each<[string, readonly Uint8Array[]]>([
    ['one piece', [CONTENT]],
    ['many pieces', [...CONTENT].map((byte) => Uint8Array.of(byte))],
    [
      'empty pieces between',
      [new Uint8Array(), CONTENT.subarray(0, 5), new Uint8Array(), CONTENT.subarray(5)],
    ],
  ])('is read: %s', (_, pieces) => {
    expect(status(makeStreamedMessage({ ...fields, pieces }))).toBe('valid');
  });

  test('is refused when an end is missing, doubled, or stands beyond its parent', () => {
    const message = makeStreamedMessage({ ...fields, pieces: [CONTENT] });
    expect(() => readSignedData(message.subarray(0, -2))).toThrow(CmsFormatError);
    expect(() => readSignedData(Buffer.concat([message, Uint8Array.of(0, 0)]))).toThrow(CmsFormatError);
    // A definite [0] of which the end-of-contents of its SEQUENCE is not part.
    const inside = indefinite(0x30, integer(1), setOf(), sequence(objectIdentifier(Oid.data)), setOf());
    const short = element(0xa0, inside.subarray(0, -2));
    const broken = indefinite(0x30, objectIdentifier(Oid.signedData), short, new Uint8Array(2));
    expect(() => readSignedData(broken)).toThrow(CmsFormatError);
  });

  test('is refused where the end of the document lies behind the whole SignedData', () => {
    const encapsulated = indefinite(0x30, objectIdentifier(Oid.data)).subarray(0, -2);
    const inside = sequence(integer(1), setOf(), encapsulated);
    const message = Buffer.concat([contentInfo(inside), new Uint8Array(2)]);
    expect(() => readSignedData(windowed(message))).toThrow(CmsFormatError);
  });

  test('is refused in the signed parts, where two readers could see two things', () => {
    const attributes = [contentTypeAttribute(), messageDigestAttribute(CONTENT)];
    const loose = indefinite(0xa0, ...attributes);
    const { issuer, rest } = partsOf(signerInfo);
    const message = (signed: Uint8Array) => {
      const info = sequence(integer(1), issuer, hashAlgorithm('sha256'), signed, rest);
      return makeMessage({ signerInfos: [info], certificates: [certificate] });
    };
    expect(readSignedData(message(element(0xa0, ...attributes))).signerInfos).toHaveLength(1);
    expect(() => readSignedData(message(loose))).toThrow(CmsFormatError);
  });

  /** The signer's identifier, and what stands behind the signed attributes. */
  function partsOf(info: Uint8Array): { issuer: Uint8Array; rest: Uint8Array } {
    const rest = Buffer.concat([
      sequence(objectIdentifier(Oid.rsaEncryption), NULL),
      octetString(new Uint8Array(256)),
    ]);
    const start = Buffer.from(info).indexOf(hashAlgorithm('sha256'));
    return { issuer: info.subarray(7, start), rest };
  }
});

describe('no message is', () => {
  const data = sequence(objectIdentifier(Oid.data));
  const body = (...parts: readonly Uint8Array[]) => contentInfo(sequence(...parts));
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['text', Buffer.from('this is no signature at all')],
    ['PEM', Buffer.from('-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n')],
    ['a certificate', certificate],
    ['another kind of CMS', contentInfo(sequence(), '1.2.840.113549.1.7.3')],
    ['a message with a byte behind it', Buffer.concat([attached, Uint8Array.of(0)])],
    ['two messages', Buffer.concat([attached, attached])],
    ['one of a version nobody knows', body(integer(6), setOf(), data, setOf())],
    ['one of a negative version', body(element(2, Uint8Array.of(0xff)), setOf(), data, setOf())],
    ['one without signer infos', body(integer(1), setOf(), data)],
    ['one without content type', body(integer(1), setOf(), sequence(), setOf())],
    [
      'one whose document is text',
      body(
        integer(1),
        setOf(),
        sequence(objectIdentifier(Oid.data), element(0xa0, Buffer.from([0x0c, 0]))),
        setOf(),
      ),
    ],
    [
      'one with two documents',
      body(
        integer(1),
        setOf(),
        sequence(objectIdentifier(Oid.data), element(0xa0, octetString(CONTENT), octetString(CONTENT))),
        setOf(),
      ),
    ],
    [
      'one with a field behind the document',
      body(
        integer(1),
        setOf(),
        sequence(objectIdentifier(Oid.data), element(0xa0, octetString(CONTENT)), NULL),
        setOf(),
      ),
    ],
    ['one with a field behind the signers', body(integer(1), setOf(), data, setOf(), NULL)],
    [
      'one with 257 certificates',
      body(integer(1), setOf(), data, element(0xa0, ...Array<Uint8Array>(257).fill(sequence())), setOf()),
    ],
    ['one with 65 signers', makeMessage({ signerInfos: Array<Uint8Array>(65).fill(signerInfo) })],
    [
      'one with a head field of 5,000 bytes',
      body(integer(1), element(0x31, octetString(new Uint8Array(5000))), data, setOf()),
    ],
    ['one whose signers are a SEQUENCE', body(integer(1), setOf(), data, retagged(setOf(signerInfo), 0x30))],
  ])('%s', (_, bytes) => {
    expect(() => readSignedData(bytes)).toThrow(CmsFormatError);
  });

  test('one with more than 16 MiB beside the document', () => {
    const filler = element(0xa1, new Uint8Array((16 << 20) + 1));
    const message = makeMessage({ signerInfos: [signerInfo], crls: filler });
    const counted = counting(bytesSource(message));
    expect(() => readSignedData(counted)).toThrow(/too much/);
    expect(counted.bytesRead).toBeLessThan(1000);
  });
});

describe('any other source', () => {
  test('whose window is overwritten by the next read gives the same verdict', () => {
    expect(status(windowed(attached))).toBe('valid');
    expect(status(windowed(detached), CONTENT)).toBe('valid');
    const streamed = makeStreamedMessage({
      signerInfos: [signerInfo],
      certificates: [certificate],
      pieces: [CONTENT],
    });
    expect(status(windowed(streamed))).toBe('valid');
  });

  test('that ends early is a typed error, wherever it ends', () => {
    for (let available = 0; available < detached.length; available++) {
      expect(() => readSignedData(endingEarly(detached, available))).toThrow(CoreError);
    }
  });

  test('is read by its headers: the document itself is not', () => {
    const content = new Uint8Array(8 << 20);
    const info = makeSignerInfo({ key, certificate, content });
    const message = makeMessage({ signerInfos: [info], certificates: [certificate], content });
    const counted = counting(bytesSource(message));
    expect(readSignedData(counted).content).toHaveLength(1);
    expect(counted.bytesRead).toBeLessThan(message.length - content.length + 1000);
  });
});
