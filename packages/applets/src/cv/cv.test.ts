import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  sign,
} from 'node:crypto';
import { encodeTlv } from '@jpki/iso7816';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CardDataInvalidError } from '../errors.ts';
import { CardForgedError } from '../proof.ts';
import { parseCvAnchors, productionCvAnchors } from './anchor.ts';
import { CvAnchorFormatError } from './anchor-facts.ts';
import { keyIdText, readCvCertificate } from './certificate.ts';
import { readCardKey } from './key.ts';
import { checkCvChain, proofOf, verifiesBlock } from './record-proof.ts';

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const [ca, other, subject] = [rsa(), rsa(), rsa()];
const modulusOf = (key: KeyObject) => Buffer.from(key.export({ format: 'jwk' }).n ?? '', 'base64url');
const keyId = (number: string, last = 0) =>
  Buffer.concat([Buffer.from(number), Buffer.of(8, 5), Buffer.from('001'), Buffer.of(0, 0, 0, last)]);
const cardKey = (key: KeyObject, exponent = Buffer.of(1, 0, 1)) =>
  Buffer.concat([encodeTlv(0x90, exponent), encodeTlv(0x91, modulusOf(key))]);
const ISSUER = keyId('9999999');

function certificate(signer = ca.privateKey, issuer = ISSUER): Uint8Array {
  const body = Buffer.concat([issuer, keyId('8888888'), cardKey(subject.publicKey)]);
  const signature = sign('sha256', body, signer);
  return encodeTlv(0x7f21, encodeTlv(0x5f4e, body), encodeTlv(0x5f37, signature));
}

const facts = (key: KeyObject, changes: Readonly<Record<string, unknown>> = {}) => ({
  keyId: ISSUER.toString('hex'),
  hierarchy: 'test',
  modulus: modulusOf(key).toString('hex'),
  exponent: '010001',
  sha256: createHash('sha256').update(modulusOf(key)).digest('hex'),
  ...changes,
});
const trusting = (key: KeyObject) => parseCvAnchors({ anchors: [facts(key)] });

describe('a CV certificate', () => {
  test('is read with its wrapper and with filler behind it', () => {
    const bytes = Buffer.concat([certificate(), Buffer.alloc(40, 0xff)]);
    const { issuer, publicKey } = readCvCertificate(bytes);
    expect(Buffer.from(issuer).equals(ISSUER)).toBe(true);
    expect(publicKey.equals(subject.publicKey)).toBe(true);
  });

  test('hangs under the key that signed it', () => {
    expect(checkCvChain(readCvCertificate(certificate()), trusting(ca.publicKey))).toEqual({
      hierarchy: 'test',
    });
  });

  test('that another key signed in the name of a known one is a forgery', () => {
    const chain = checkCvChain(readCvCertificate(certificate(other.privateKey)), trusting(ca.publicKey));
    expect(chain).toEqual({ finding: 'CV_CERTIFICATE_WRONG' });
    expect(() => proofOf(chain, [])).toThrow(CardForgedError);
  });

  test.each([keyId('9999999', 0xa8), keyId('9999998')])('of a CA that is not known is none', (issuer) => {
    const chain = checkCvChain(readCvCertificate(certificate(ca.privateKey, issuer)), trusting(ca.publicKey));
    expect(chain).toEqual({ finding: 'CV_CA_UNKNOWN' });
    expect(proofOf(chain, [])).toMatchObject({ status: 'unverified' });
  });

  test('finds its key among several of the same name', () => {
    const anchors = [...trusting(other.publicKey), ...trusting(ca.publicKey)];
    expect(checkCvChain(readCvCertificate(certificate()), anchors)).toEqual({ hierarchy: 'test' });
  });

  test('of an unknown CA whose record is wrong is a forgery all the same', () => {
    expect(() => proofOf({ finding: 'CV_CA_UNKNOWN' }, ['RECORD_WRONG', undefined])).toThrow(CardForgedError);
  });

  test.each([
    ['cut short', certificate().subarray(0, 500)],
    ['of filler', Buffer.alloc(568, 0xff)],
    ['empty', new Uint8Array()],
    ['without a signature', encodeTlv(0x7f21, encodeTlv(0x5f4e, new Uint8Array(297)))],
    [
      'with a third part',
      encodeTlv(0x7f21, ...[0x5f4e, 0x5f37, 0x80].map((tag) => encodeTlv(tag, new Uint8Array(4)))),
    ],
    ['with another tag', encodeTlv(0x7f22, new Uint8Array(4))],
    [
      'with another header list',
      Buffer.concat([encodeTlv(0x4d, new Uint8Array(10)), certificate().subarray(5)]),
    ],
  ])('%s is refused', (_, bytes) => {
    expect(() => readCvCertificate(bytes)).toThrow(CardDataInvalidError);
  });

  test('out of any bytes is read or refused with an error of ours', () => {
    const source = certificate();
    const mutant = fc.record({
      at: fc.nat(source.length - 1),
      value: fc.nat(255),
      end: fc.integer({ min: 0, max: source.length }),
    });
    fc.assert(
      fc.property(mutant, ({ at, value, end }) => {
        const bytes = Uint8Array.from(source);
        bytes[at] = value;
        try {
          readCvCertificate(bytes.subarray(0, end));
        } catch (error) {
          expect(error).toBeInstanceOf(CardDataInvalidError);
        }
      }),
      { numRuns: 2000, seed: 4 },
    );
  });
});

describe('a key of the card', () => {
  test.each([
    ['another exponent', cardKey(subject.publicKey, Buffer.of(3))],
    [
      'a short modulus',
      Buffer.concat([encodeTlv(0x90, Buffer.of(1, 0, 1)), encodeTlv(0x91, Buffer.alloc(128, 0xff))]),
    ],
    [
      'an even modulus',
      Buffer.concat([encodeTlv(0x90, Buffer.of(1, 0, 1)), encodeTlv(0x91, Buffer.alloc(256, 0xfe))]),
    ],
    [
      'a modulus of 2047 bits',
      Buffer.concat([encodeTlv(0x90, Buffer.of(1, 0, 1)), encodeTlv(0x91, Buffer.alloc(256, 0x7f))]),
    ],
    ['something beside', Buffer.concat([cardKey(subject.publicKey), encodeTlv(0x92, Buffer.of(1))])],
  ])('with %s is refused', (_, bytes) => {
    expect(() => readCardKey(bytes)).toThrow(CardDataInvalidError);
  });
});

describe('anchors', () => {
  test('of production are three, each under its own name', () => {
    const anchors = productionCvAnchors();
    expect(anchors.map(({ keyId: id, hierarchy }) => [keyIdText(id), hierarchy])).toEqual([
      ['5000020/001 (A8)', 'production'],
      ['5000023/001', 'production'],
      ['5000033/001', 'production'],
    ]);
    expect(productionCvAnchors()).toBe(anchors);
  });

  test('out of a file are trusted, whatever it says of them, and never become production ones', () => {
    const hierarchies = ['test', 'simulator', 'production', 'mine'].map(
      (hierarchy) => parseCvAnchors({ anchors: [facts(ca.publicKey, { hierarchy })] })[0]?.hierarchy,
    );
    expect(hierarchies).toEqual(['test', 'simulator', 'custom', 'custom']);
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['no entries', {}],
    ['an entry that is text', { anchors: ['x'] }],
    ['a short key id', { anchors: [facts(ca.publicKey, { keyId: 'aa' })] }],
    ['a key id that is a number', { anchors: [facts(ca.publicKey, { keyId: 5 })] }],
    ['no hierarchy', { anchors: [facts(ca.publicKey, { hierarchy: undefined })] }],
    ['another exponent', { anchors: [facts(ca.publicKey, { exponent: '000003' })] }],
    ['another SHA-256', { anchors: [facts(ca.publicKey, { sha256: '00'.repeat(32) })] }],
  ])('%s is no file of them', (_, json) => {
    expect(() => parseCvAnchors(json)).toThrow(CvAnchorFormatError);
  });
});

describe('a block of the face', () => {
  const block = Buffer.from('three digests');
  const signature = privateEncrypt({ key: ca.privateKey, padding: constants.RSA_PKCS1_PADDING }, block);

  test('is the one the key signed', () => {
    expect(verifiesBlock(ca.publicKey, block, signature)).toBe(true);
  });

  test.each([
    ['another block', ca.publicKey, Buffer.from('three digestz'), signature],
    ['another key', other.publicKey, block, signature],
    ['a short signature', ca.publicKey, block, signature.subarray(1)],
    ['a signature above the modulus', ca.publicKey, block, Buffer.alloc(256, 0xff)],
  ])('with %s is not', (_, key, expected, value) => {
    expect(verifiesBlock(key, expected, value)).toBe(false);
  });
});
