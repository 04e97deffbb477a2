import { type KeyObject, sign } from 'node:crypto';
import { NULL, objectIdentifier, octetString, sequence } from '@jpki/core/der';
import { cardTlv } from '../card-tlv.ts';
import { offsetTemplate } from './offset-template.ts';
import { sha256, signBlock } from './rsa-block.ts';

/** What stands on the face of the card, as EF 0002 has it (card-protocol.md 5). */
export interface FaceContents {
  /** 生年月日, YYYYMMDD. */
  readonly birthDate: string;
  /** 性別, one digit. */
  readonly sex: string;
  /** The card's own key in this application: `90`/`91` objects. */
  readonly cardKey: Uint8Array;
  /** 氏名, PNG. */
  readonly name: Uint8Array;
  /** 住所, PNG. */
  readonly address: Uint8Array;
  /** 顔写真, JP2. */
  readonly photo: Uint8Array;
  /** 有効期限, YYYYMMDD. */
  readonly expiry: string;
  /** セキュリティコード, PNG. */
  readonly securityCode: Uint8Array;
}

/**
 * EF 0002, the card's face: a table with the offset of every field from the first byte of the file, then the fields.
 *
 * @param issuerKey the key certified in EF 0004, not the card's own.
 */
export function faceRecord(face: FaceContents, issuerKey: KeyObject): Buffer {
  const birthDate = cardTlv(0xdf22, ascii(face.birthDate));
  const sex = cardTlv(0xdf23, ascii(face.sex));
  const cardKey = cardTlv(0xdf24, face.cardKey);
  const name = cardTlv(0xdf25, face.name);
  const address = cardTlv(0xdf26, face.address);
  const photo = cardTlv(0xdf27, face.photo);
  const signature = cardTlv(
    0xdf28,
    faceSignature([[birthDate, sex, cardKey], [name, address], [photo]], issuerKey),
  );
  const expiry = cardTlv(0xdf29, ascii(face.expiry));
  const securityCode = cardTlv(0xdf2a, face.securityCode);
  const fields = [birthDate, sex, cardKey, name, address, photo, signature, expiry, securityCode];
  return offsetTemplate(0xff20, 0xdf21, fields);
}

/**
 * PKCS#1 v1.5 over one DigestInfo whose OCTET STRING holds three SHA-256 digests, 96 bytes: of birth date, sex and key,
 * of name and address, and of the photo, each over whole objects. Expiry and security code are not signed.
 */
function faceSignature(groups: readonly (readonly Uint8Array[])[], issuerKey: KeyObject): Uint8Array {
  const digests = Buffer.concat(groups.map((group) => sha256(...group)));
  const algorithm = sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'), NULL);
  return signBlock(issuerKey, sequence(algorithm, octetString(digests)));
}

/** EF 0001, the age record: birth date and card key, signed (card-protocol.md 5). */
export function ageRecord(birthDate: string, cardKey: Uint8Array, issuerKey: KeyObject): Buffer {
  return signedRecord(
    0xff10,
    [cardTlv(0xdf11, ascii(birthDate)), cardTlv(0xdf12, cardKey)],
    0xdf13,
    issuerKey,
  );
}

/** EF 0005: the 個人番号 as an image and the card key, signed (card-protocol.md 5). */
export function numberImageRecord(image: Uint8Array, cardKey: Uint8Array, issuerKey: KeyObject): Buffer {
  return signedRecord(0xff40, [cardTlv(0xdf41, image), cardTlv(0xdf42, cardKey)], 0xdf43, issuerKey);
}

/** Objects with a PKCS#1 v1.5 SHA-256 signature over them, headers included. */
function signedRecord(
  tag: number,
  objects: readonly Uint8Array[],
  signatureTag: number,
  issuerKey: KeyObject,
): Buffer {
  const signature = sign('sha256', Buffer.concat(objects), issuerKey);
  return cardTlv(tag, ...objects, cardTlv(signatureTag, signature));
}

/** What EF 0003 tells without any code (card-protocol.md 5). */
export interface BasicInformation {
  /** DF32, 16 bytes: a key id whose use is not known. */
  readonly keyId: Uint8Array;
  /** 市区町村コード, 5 digits. */
  readonly municipalityCode: string;
  /** DF35, 16 bytes: another one. */
  readonly otherKeyId: Uint8Array;
  /** The rest of DF35, 256 bytes of unknown meaning. */
  readonly opaque: Uint8Array;
}

/** Specification version, extended length, vendor and the vendor's own byte: the same on every card seen. */
const IDENTIFICATION = Uint8Array.of(0x06, 0x03, 0x0e, 0x01);

/** EF 0003, the basic information of the application, unsigned (card-protocol.md 5). */
export function basicInformation(information: BasicInformation): Buffer {
  return cardTlv(
    0xff30,
    cardTlv(0xdf31, IDENTIFICATION),
    cardTlv(0xdf32, information.keyId),
    cardTlv(0xdf33, Uint8Array.of(0x00)),
    cardTlv(0xdf34, ascii(information.municipalityCode)),
    cardTlv(0xdf35, information.otherKeyId, information.opaque),
  );
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
