import { describe, expect, test } from 'vitest';
import { keyNamed, makeCa, makeHolder } from '../../test/support/certificates.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, Tag } from '../der/tags.ts';
import { digestOf } from '../digest-info.ts';
import { softwareSigner } from '../software-signer.ts';
import { buildSignedData } from './build.ts';
import { encodeSignedData, encodeSignedDataAround, signedDataLength } from './encode.ts';
import { type CompletedSignature, prepareSignature, signContentDigest } from './prepare.ts';

const CONTENT = Buffer.from('content');
const signingTime = new Date('2026-01-02T03:04:05Z');
const chain = [makeCa(keyNamed('ca'))];
const first = softwareSigner({
  privateKey: keyNamed('signer').privateKey,
  certificate: makeHolder(keyNamed('signer')),
  chain,
});
const second = softwareSigner({
  privateKey: keyNamed('second').privateKey,
  certificate: makeHolder(keyNamed('second'), { serial: 2 }),
  chain,
});

const completed = (hash: 'sha256' | 'sha512', signer = first): Promise<CompletedSignature> =>
  signContentDigest({ contentDigest: digestOf(hash, CONTENT), hash, signingTime }, signer);

/** The fields of a SignedData, by their tags. */
function fieldsOf(message: Uint8Array): { fields: DerReader; type: Uint8Array } {
  const outer = new DerReader(message).expect(Tag.SEQUENCE).enter();
  const type = outer.expect(Tag.OBJECT_IDENTIFIER).encoded;
  const fields = outer.expect(contextConstructed(0)).enter().expect(Tag.SEQUENCE).enter();
  return { fields, type };
}

/** Refuses a SET whose elements are not in DER order. */
function expectSorted(set: DerReader): number {
  let before: Uint8Array = new Uint8Array();
  let count = 0;
  for (; set.more; count++) {
    set.next();
    expect(Buffer.compare(before, set.encoded)).toBeLessThan(0);
    before = set.encoded;
  }
  return count;
}

describe('a message', () => {
  test('has every SET OF sorted and every certificate once', async () => {
    const signatures = [await completed('sha512'), await completed('sha256', second)];
    const { fields } = fieldsOf(encodeSignedData(signatures));
    expect(fields.smallInteger()).toBe(1);
    expect(expectSorted(fields.expect(Tag.SET).enter())).toBe(2);
    fields.expect(Tag.SEQUENCE);
    expect(expectSorted(fields.expect(contextConstructed(0)).enter())).toBe(3);
    const infos = fields.expect(Tag.SET).enter();
    expect(expectSorted(infos)).toBe(2);
    fields.finish();
  });

  test('is the same bytes whatever order its signatures come in, and every time', async () => {
    const signatures = [await completed('sha256'), await completed('sha256', second)];
    const message = encodeSignedData(signatures, CONTENT);
    expect(encodeSignedData(signatures.toReversed(), CONTENT)).toEqual(message);
    expect(await buildSignedData(CONTENT, [first, second], { signingTime })).toEqual(message);
  });

  test('has signed attributes that are the prepared ones but for the tag', async () => {
    const signature = await completed('sha256');
    const message = Buffer.from(encodeSignedData([signature]));
    const { signedAttributes } = signature.prepared;
    const at = message.indexOf(signedAttributes.subarray(1));
    expect(message[at - 1]).toBe(contextConstructed(0));
    expect(signedAttributes[0]).toBe(Tag.SET);
  });

  test('is refused without a signature', () => {
    expect(() => encodeSignedData([])).toThrow(RangeError);
  });
});

describe('the attached form', () => {
  test.each([0, 1, 0x7f, 0x80, 0xff, 0x100, 70_000])(
    'of %i bytes is its head, the document and its tail',
    async (length) => {
      const content = new Uint8Array(length).fill(1);
      const signatures = [await completed('sha256')];
      const { head, tail } = encodeSignedDataAround(signatures, length);
      const message = encodeSignedData(signatures, content);
      expect(Buffer.concat([head, content, tail])).toEqual(Buffer.from(message));
      const outer = new DerReader(message).expect(Tag.SEQUENCE);
      outer.finish();
    },
  );

  test('of 5 GB has lengths that add up, without the document at hand', async () => {
    const length = 5_000_000_000;
    const { head, tail } = encodeSignedDataAround([await completed('sha256')], length);
    const total = head.length + length + tail.length;
    const outer = new DerReader(head, 0, total).expect(Tag.SEQUENCE);
    expect(outer.end).toBe(total);
    const octets = new DerReader(head, head.length - 7, total).expect(Tag.OCTET_STRING);
    expect([octets.start, octets.end]).toEqual([head.length, head.length + length]);
  });
});

test('the length of the detached form is known before anybody signs', async () => {
  const prepared = prepareSignature({
    contentDigest: digestOf('sha256', CONTENT),
    certificate: first.certificate,
    chain,
    signingTime,
  });
  expect(signedDataLength([prepared], first.signatureLength)).toBe(
    encodeSignedData([await completed('sha256')]).length,
  );
});
