import type { KeyObject } from 'node:crypto';
import { verifyRsa } from '@jpki/core';
import { readTlv, readTlvs, type Tlv, TlvFormatError } from '@jpki/iso7816';
import { CardDataInvalidError } from '../errors.ts';
import { readCardKey } from './key.ts';

/** Tags of a card-verifiable certificate (card-protocol.md 1.4, 4.4). */
const CvTag = { WRAPPER: 0x7f21, HEADER_LIST: 0x4d, BODY: 0x5f4e, SIGNATURE: 0x5f37 } as const;

/**
 * The header list in front of the certificates of the card manager: issuer id 16 bytes, subject id 16, key 265. No
 * signature covers it, so it must be this one.
 */
const HEADER_LIST = '4d0a42105f20105f49820109';

/** Length of a key id: 7 ASCII digits, `08 05`, 3 ASCII digits, 4 bytes that count (card-protocol.md 4.4). */
export const KEY_ID_LENGTH = 16;

/** Two key ids and a key of 265 bytes. */
const BODY_LENGTH = 297;
const SIGNATURE_LENGTH = 256;

/** A card-verifiable certificate: a CA says that a key belongs to a name. It has no dates and no uses. */
export interface CvCertificate {
  /** Key id of the CA, 16 bytes. All of them are compared: the last four differ between levels. */
  readonly issuer: Uint8Array;
  /** Key id of the certified key, 16 bytes. */
  readonly subject: Uint8Array;
  readonly publicKey: KeyObject;
  /** What the signature covers: 297 bytes. */
  readonly body: Uint8Array;
  /** RSASSA-PKCS1-v1_5 with SHA-256, 256 bytes. */
  readonly signature: Uint8Array;
}

/**
 * Reads a CV certificate as EF 0004 of the 券面 applications has it (`7F21`, filler after it allowed), or as GET DATA
 * gives it (header list, no wrapper).
 *
 * @throws {CardDataInvalidError} when it is neither.
 */
export function readCvCertificate(bytes: Uint8Array): CvCertificate {
  try {
    const first = readTlv(bytes);
    const objects = first.tag === CvTag.WRAPPER ? readTlvs(first.value) : afterHeaderList(readTlvs(bytes));
    return fromObjects(objects);
  } catch (error) {
    if (error instanceof TlvFormatError)
      throw new CardDataInvalidError('a CV certificate is no data object', error);
    throw error;
  }
}

function afterHeaderList([list, ...objects]: readonly Tlv[]): readonly Tlv[] {
  if (list?.tag !== CvTag.HEADER_LIST || Buffer.from(list.encoded).toString('hex') !== HEADER_LIST)
    throw new CardDataInvalidError('a CV certificate has not the header list it must');
  return objects;
}

function fromObjects([body, signature, ...more]: readonly Tlv[]): CvCertificate {
  const isCertificate = body?.tag === CvTag.BODY && signature?.tag === CvTag.SIGNATURE && more.length === 0;
  if (!isCertificate || body.value.length !== BODY_LENGTH || signature.value.length !== SIGNATURE_LENGTH)
    throw new CardDataInvalidError('a CV certificate has not the parts it must');
  return {
    issuer: body.value.subarray(0, KEY_ID_LENGTH),
    subject: body.value.subarray(KEY_ID_LENGTH, 2 * KEY_ID_LENGTH),
    publicKey: readCardKey(body.value.subarray(2 * KEY_ID_LENGTH)),
    body: body.value,
    signature: signature.value,
  };
}

/** Whether `key` signed the certificate. */
export function isSignedBy(certificate: CvCertificate, key: KeyObject): boolean {
  return verifyRsa(key, 'sha256', certificate.body, certificate.signature);
}

/** A key id for people, `1322131/000`, and its last byte where that is not zero: `5000020/001 (A8)`. */
export function keyIdText(id: Uint8Array): string {
  const text = Buffer.from(id).toString('latin1');
  const shown = `${text.slice(0, 7)}/${text.slice(9, 12)}`.replaceAll(/[^\x20-\x7e]/g, '?');
  const last = (id.at(-1) ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return last === '00' ? shown : `${shown} (${last})`;
}
