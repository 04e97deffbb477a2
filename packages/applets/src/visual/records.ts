import type { KeyObject } from 'node:crypto';
import { readDate, readDigits, readSex, type Sex } from '../card-field.ts';
import { CardRecord } from '../card-record.ts';
import { readCardKey } from '../cv/key.ts';
import { VisualTag as Tag } from './layout.ts';

/** A record of the application with what proves it. */
export interface VisualRecord<T> {
  readonly content: T;
  /** The card's own key, which the signature covers too. */
  readonly cardKey: KeyObject;
  /** What the signature covers. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** What the age record says. */
export interface AgeRecord {
  /** 生年月日, `YYYY-MM-DD`. */
  readonly birthDate: string;
}

/** Reads EF 0001. @throws {CardDataInvalidError} */
export function readAge(bytes: Uint8Array): VisualRecord<AgeRecord> {
  const signed = [Tag.AGE_BIRTH_DATE, Tag.AGE_CARD_KEY];
  const record = CardRecord.read(bytes, 'the age record', Tag.AGE, [...signed, Tag.AGE_SIGNATURE]);
  return {
    content: { birthDate: readDate(record.value(Tag.AGE_BIRTH_DATE), 'the birth date') },
    cardKey: readCardKey(record.value(Tag.AGE_CARD_KEY)),
    signed: record.encoded(...signed),
    signature: record.value(Tag.AGE_SIGNATURE),
  };
}

/** The 個人番号 as the card shows it. It carries the number, so it is as secret as that. */
export interface NumberImage {
  /** PNG. */
  readonly image: Uint8Array;
}

/** Reads EF 0005. @throws {CardDataInvalidError} */
export function readNumberImage(bytes: Uint8Array): VisualRecord<NumberImage> {
  const signed = [Tag.NUMBER, Tag.NUMBER_CARD_KEY];
  const tags = [...signed, Tag.NUMBER_SIGNATURE];
  const record = CardRecord.read(bytes, 'the record of the number image', Tag.NUMBER_IMAGE, tags);
  return {
    content: { image: record.value(Tag.NUMBER) },
    cardKey: readCardKey(record.value(Tag.NUMBER_CARD_KEY)),
    signed: record.encoded(...signed),
    signature: record.value(Tag.NUMBER_SIGNATURE),
  };
}

/** The printed face of the card. */
export interface Face {
  /** 氏名 as an image, PNG. */
  readonly name: Uint8Array;
  /** 住所 as an image, PNG. */
  readonly address: Uint8Array;
  /** 顔写真, JPEG 2000 (JP2), greyscale. */
  readonly photo: Uint8Array;
  /** 生年月日, `YYYY-MM-DD`. */
  readonly birthDate: string;
  /** 性別. */
  readonly sex: Sex;
  /** 有効期限 of the card, `YYYY-MM-DD`. The card's signature does not cover it. */
  readonly expiry: string;
  /** セキュリティコード as an image, PNG. The card's signature does not cover it. */
  readonly securityCode: Uint8Array;
}

/** The face with what proves it: its signature is over three digests, one for each group of fields. */
export interface FaceRecord {
  readonly face: Face;
  readonly cardKey: KeyObject;
  /** What each of the three digests covers, in order. */
  readonly groups: readonly Uint8Array[];
  readonly signature: Uint8Array;
}

const FACE_TAGS = [
  Tag.OFFSETS,
  Tag.BIRTH_DATE,
  Tag.SEX,
  Tag.CARD_KEY,
  Tag.NAME,
  Tag.ADDRESS,
  Tag.PHOTO,
  Tag.SIGNATURE,
  Tag.EXPIRY,
  Tag.SECURITY_CODE,
];

/** Reads EF 0002. @throws {CardDataInvalidError} */
export function readFace(bytes: Uint8Array): FaceRecord {
  const record = CardRecord.read(bytes, 'the face record', Tag.FACE, FACE_TAGS);
  record.checkOffsets(Tag.OFFSETS);
  return {
    face: {
      name: record.value(Tag.NAME),
      address: record.value(Tag.ADDRESS),
      photo: record.value(Tag.PHOTO),
      birthDate: readDate(record.value(Tag.BIRTH_DATE), 'the birth date'),
      sex: readSex(record.value(Tag.SEX, 1)),
      expiry: readDate(record.value(Tag.EXPIRY), 'the expiry date'),
      securityCode: record.value(Tag.SECURITY_CODE),
    },
    cardKey: readCardKey(record.value(Tag.CARD_KEY)),
    groups: [
      record.encoded(Tag.BIRTH_DATE, Tag.SEX, Tag.CARD_KEY),
      record.encoded(Tag.NAME, Tag.ADDRESS),
      record.encoded(Tag.PHOTO),
    ],
    signature: record.value(Tag.SIGNATURE),
  };
}

/** EF 0003: what the application says of itself. Nothing signs it. */
export interface VisualBasicInformation {
  /** Specification version, support of extended lengths, vendor id, a byte of the vendor's own. */
  readonly identification: Uint8Array;
  /** A key id of unknown use, 16 bytes. */
  readonly keyId: Uint8Array;
  readonly version: number;
  /** 市区町村コード, 5 digits. */
  readonly municipality: string;
  /** 272 bytes of unknown meaning; they begin with a key id. */
  readonly opaque: Uint8Array;
}

/** Reads EF 0003. @throws {CardDataInvalidError} */
export function readVisualBasicInformation(bytes: Uint8Array): VisualBasicInformation {
  const tags = [Tag.IDENTIFICATION, Tag.KEY_ID, Tag.VERSION, Tag.MUNICIPALITY, Tag.OPAQUE];
  const record = CardRecord.read(bytes, 'the basic information', Tag.BASIC_INFORMATION, tags);
  const [version = 0] = record.value(Tag.VERSION, 1);
  return {
    identification: record.value(Tag.IDENTIFICATION, 4),
    keyId: record.value(Tag.KEY_ID, 16),
    version,
    municipality: readDigits(record.value(Tag.MUNICIPALITY, 5), 'the municipality code'),
    opaque: record.value(Tag.OPAQUE, 272),
  };
}
