import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { digestInfo, digestOf } from '@jpki/core';
import { readTlv, readTlvs, type Tlv } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { cardMaker } from '../../test/card-at-hand.ts';
import { readFile } from '../../test/read-file.ts';
import { SELECT_TEXT, VERIFY_TEXT } from '../../test/secure-terminal.ts';
import { offsetTemplate } from './offset-template.ts';

const makeCard = await cardMaker();

const FILES = [1, 2, 3, 4, 5, 6, 7, 8];

async function textCard(options?: Parameters<typeof makeCard>[0]) {
  const atHand = await makeCard(options);
  expect(await atHand.send(SELECT_TEXT)).toBe('9000');
  return atHand;
}

function objects(file: Uint8Array, tag: number): Tlv[] {
  const template = readTlv(file);
  expect(template.tag).toBe(tag);
  return readTlvs(template.value);
}

function publicKey(objectsOfKey: Uint8Array): KeyObject {
  const [exponent, modulus] = readTlvs(objectsOfKey);
  const base64 = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url');
  return createPublicKey({
    key: { kty: 'RSA', n: base64(modulus?.value), e: base64(exponent?.value) },
    format: 'jwk',
  });
}

/** The key that EF 0004 certifies: 32 bytes of identifiers, then the key. */
function certifiedKey(certificate: Uint8Array): KeyObject {
  const [body] = readTlvs(readTlv(certificate).value);
  return publicKey(body?.value.subarray(32) ?? new Uint8Array());
}

describe('the files of the 券面事項入力補助AP', async () => {
  const atHand = await textCard();
  await atHand.send(VERIFY_TEXT);
  const files: Buffer[] = [];
  for (const id of FILES) files.push(await readFile(atHand, id));
  const [number, attributes, record, certificate, basic, delivery, signedKey, filler] = files;
  const file = (bytes: Buffer | undefined) => bytes ?? Buffer.alloc(0);

  test('0001 is the 個人番号 with two bytes of filler, 17 bytes', () => {
    expect(file(number).toString('latin1')).toBe('\xff\x10\x0c999999010018\xff\xff');
  });

  test('0002 has the 基本4情報 behind a table of offsets, then filler', () => {
    const bytes = file(attributes);
    const [table, ...fields] = objects(bytes, 0xff20);
    expect(fields.map(({ tag }) => tag)).toEqual([0xdf22, 0xdf23, 0xdf24, 0xdf25]);
    expect(fields.map(({ value }) => Buffer.from(value).toString('utf8'))).toEqual([
      '模擬　花子',
      '架空県模擬市仮想町１丁目２番３号',
      '19850615',
      '2',
    ]);
    const offsets = [0, 2, 4, 6].map((at) => Buffer.from(table?.value ?? []).readUInt16BE(at));
    expect(offsets).toEqual(fields.map(({ encoded }) => bytes.indexOf(encoded)));
    expect(offsets[0]).toBe(0x0e);
    const end = readTlv(bytes).encoded.length;
    expect(bytes).toHaveLength(512);
    expect(bytes.subarray(end).every((byte) => byte === 0xff)).toBe(true);
  });

  test('0003 has the hashes of all of 0001 and of the objects of 0002, signed by the certified key', () => {
    expect(file(record)).toHaveLength(336);
    expect(file(record).subarray(0, 5).toString('hex')).toBe('ff3082014b');
    const [first, second, signature] = objects(file(record), 0xff30);
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const fields = objects(file(attributes), 0xff20).slice(1);
    expect(Buffer.from(first?.value ?? []).toString('hex')).toBe(hash(file(number)));
    expect(Buffer.from(second?.value ?? []).toString('hex')).toBe(
      hash(Buffer.concat(fields.map(({ encoded }) => encoded))),
    );
    const signed = Buffer.concat(
      [first?.encoded ?? [], second?.encoded ?? []].map((part) => Buffer.from(part)),
    );
    const key = certifiedKey(file(certificate));
    expect(verify('sha256', signed, key, signature?.value ?? Buffer.alloc(0))).toBe(true);
    signed[40] = (signed[40] ?? 0) ^ 1;
    expect(verify('sha256', signed, key, signature?.value ?? Buffer.alloc(0))).toBe(false);
  });

  test('0004 is the certificate, 568 bytes', () => {
    expect(file(certificate)).toHaveLength(568);
  });

  test('0005 is the basic information, 164 bytes with lengths as 82 hh ll', () => {
    expect(file(basic)).toHaveLength(164);
    expect(file(basic).subarray(0, 12).toString('hex')).toBe('ff4082009fdf410401030e01');
    const [, keyId, unknown] = objects(file(basic), 0xff40);
    expect(Buffer.from(keyId?.value ?? []).toString('latin1')).toBe('9000034\x08\x05001\0\0\0\0');
    expect(unknown?.value).toHaveLength(128);
    expect(
      Buffer.from(unknown?.encoded ?? [])
        .subarray(0, 5)
        .toString('hex'),
    ).toBe('df43820080');
    expect(
      Buffer.from(unknown?.value ?? [])
        .subarray(32)
        .every((byte) => byte === 0xff),
    ).toBe(true);
  });

  test('0006 is a public key of its own, 269 bytes', () => {
    expect(file(delivery)).toHaveLength(269);
    expect(file(delivery).subarray(0, 13).toString('hex')).toBe('a1820109900301000191820100');
    expect(publicKey(readTlv(file(delivery)).value).asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  test('0007 is the public half of the default key, signed by the certified key, 536 bytes', async () => {
    expect(file(signedKey)).toHaveLength(536);
    expect(file(signedKey).subarray(0, 5).toString('hex')).toBe('ff50820213');
    const [key, signature] = objects(file(signedKey), 0xff50);
    const issuer = certifiedKey(file(certificate));
    expect(
      verify('sha256', key?.encoded ?? Buffer.alloc(0), issuer, signature?.value ?? Buffer.alloc(0)),
    ).toBe(true);
    const challenge = Buffer.from('0123456789ABCDEF');
    const info = Buffer.from(digestInfo('sha256', digestOf('sha256', challenge))).toString('hex');
    const { send } = await textCard();
    const answer = await send(`802A000033${info}00`);
    expect(answer.slice(-4)).toBe('9000');
    const answered = Buffer.from(answer.slice(0, -4), 'hex');
    expect(verify('sha256', challenge, publicKey(key?.value ?? Buffer.alloc(0)), answered)).toBe(true);
    expect(await send(`802A009333${info}00`)).toBe(answer);
    expect(await send('00A4020C020013')).toBe('9000');
    expect(await send(`802A008033${info}00`)).toBe(answer);
  });

  test('0008 is 16 bytes of FF', () => {
    expect(file(filler).toString('hex')).toBe('ff'.repeat(16));
  });

  test('the keys are no files to read, and the signing key refuses INTERNAL AUTHENTICATE with 6985', async () => {
    const { words } = await textCard();
    for (const id of ['10', '11', '12', '13', '14', '15', '1C', '1E']) {
      expect(await words(`00A4020C0200${id}`, '00B0000001')).toEqual(['9000', '6981']);
    }
    expect(await words('00880093080102030405060708 00', '00A4020C020009', '00A4020C020016')).toEqual([
      '6985',
      '6A82',
      '6A82',
    ]);
  });

  test('variant: 0002 without filler', async () => {
    const bare = await textCard({ variants: { fileFiller: 'none' } });
    await bare.send(VERIFY_TEXT);
    const bytes = await readFile(bare, 2);
    expect(bytes).toEqual(file(attributes).subarray(0, bytes.length));
    expect(bytes).toHaveLength(readTlv(bytes).encoded.length);
  });
});

describe('a template with a table of offsets', () => {
  test('counts the longer header of a template above 127 bytes', () => {
    const object = Buffer.alloc(200, 7);
    const bytes = offsetTemplate(0xff20, 0xdf21, [object, Buffer.of(1)]);
    expect(bytes.subarray(0, 12).toString('hex')).toBe('ff208200d0df2104000c00d4');
    expect(bytes[0xd4]).toBe(1);
    expect(bytes).toHaveLength(0xd5);
  });

  test('is that of the test card for objects of its lengths', () => {
    const lengths = [0x12, 0x39, 0x0b, 0x04].map((length) => Buffer.alloc(length));
    expect(offsetTemplate(0xff20, 0xdf21, lengths).subarray(0, 14).toString('hex')).toBe(
      'ff2065df2108000e002000590064',
    );
  });
});
