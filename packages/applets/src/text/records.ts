import type { KeyObject } from 'node:crypto';
import { readDate, readDigits, readSex, type Sex } from '../card-field.ts';
import { CardRecord } from '../card-record.ts';
import { readCardKey } from '../cv/key.ts';
import { CardDataInvalidError } from '../errors.ts';
import { SecretDigits } from '../secret-digits.ts';
import { TextTag as Tag } from './layout.ts';

/** 基本4情報: the four attributes of the holder. */
export interface Attributes {
  /** 氏名 exactly as on the card; U+3000 between its parts. */
  readonly name: string;
  /** 住所 exactly as on the card. */
  readonly address: string;
  /** 生年月日, `YYYY-MM-DD`. */
  readonly birthDate: string;
  /** 性別. */
  readonly sex: Sex;
}

/** Attributes with the bytes that the integrity record vouches for. */
export interface AttributesRecord {
  readonly attributes: Attributes;
  /** From the name on; the table of offsets in front of it is not covered. */
  readonly covered: Uint8Array;
}

/** Reads EF 0002 (card-protocol.md 4.2). @throws {CardDataInvalidError} */
export function readAttributes(bytes: Uint8Array): AttributesRecord {
  const fields = [Tag.NAME, Tag.ADDRESS, Tag.BIRTH_DATE, Tag.SEX];
  const record = CardRecord.read(bytes, 'the file of the attributes', Tag.ATTRIBUTES, [
    Tag.OFFSETS,
    ...fields,
  ]);
  record.checkOffsets(Tag.OFFSETS);
  const attributes = {
    name: readText(record.value(Tag.NAME)),
    address: readText(record.value(Tag.ADDRESS)),
    birthDate: readDate(record.value(Tag.BIRTH_DATE), 'the birth date'),
    sex: readSex(record.value(Tag.SEX, 1)),
  };
  return { attributes, covered: record.encoded(...fields) };
}

function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new CardDataInvalidError('an attribute is no UTF-8 text', error);
  }
}

/** Digits of a 個人番号. */
const MY_NUMBER_LENGTH = 12;

/** Reads EF 0001 (card-protocol.md 4.1). @throws {CardDataInvalidError} */
export function readMyNumber(bytes: Uint8Array): SecretDigits {
  const what = 'the file of the 個人番号';
  const outer = CardRecord.readOuter(bytes, what, Tag.MY_NUMBER);
  if (outer.length !== MY_NUMBER_LENGTH) throw new CardDataInvalidError(`${what} has another length`);
  return new SecretDigits(readDigits(outer, what));
}

/** EF 0003: what the files 0001 and 0002 hash to, and a signature over that (card-protocol.md 4.3). */
export interface IntegrityRecord {
  /** SHA-256 of the whole physical EF 0001, filler included. */
  readonly myNumberDigest: Uint8Array;
  /** SHA-256 of EF 0002 from the name on. */
  readonly attributesDigest: Uint8Array;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** Reads EF 0003. @throws {CardDataInvalidError} */
export function readIntegrity(bytes: Uint8Array): IntegrityRecord {
  const digests = [Tag.MY_NUMBER_DIGEST, Tag.ATTRIBUTES_DIGEST];
  const tags = [...digests, Tag.INTEGRITY_SIGNATURE];
  const record = CardRecord.read(bytes, 'the integrity record', Tag.INTEGRITY, tags);
  return {
    myNumberDigest: record.value(Tag.MY_NUMBER_DIGEST, 32),
    attributesDigest: record.value(Tag.ATTRIBUTES_DIGEST, 32),
    signed: record.encoded(...digests),
    signature: record.value(Tag.INTEGRITY_SIGNATURE),
  };
}

/** EF 0007: the card's own public key, signed. */
export interface CardKeyRecord {
  readonly publicKey: KeyObject;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** Reads EF 0007. @throws {CardDataInvalidError} */
export function readCardKeyRecord(bytes: Uint8Array): CardKeyRecord {
  const tags = [Tag.CARD_KEY, Tag.CARD_KEY_SIGNATURE];
  const record = CardRecord.read(bytes, 'the record of the card key', Tag.CARD_KEY_RECORD, tags);
  return {
    publicKey: readCardKey(record.value(Tag.CARD_KEY)),
    signed: record.encoded(Tag.CARD_KEY),
    signature: record.value(Tag.CARD_KEY_SIGNATURE),
  };
}

/** Reads EF 0006, the key for secure messaging. @throws {CardDataInvalidError} */
export function readSessionKey(bytes: Uint8Array): KeyObject {
  return readCardKey(CardRecord.readOuter(bytes, 'the file of the session key', Tag.SESSION_KEY));
}

/** EF 0005: what the application says of itself. Nothing signs it. */
export interface TextBasicInformation {
  /** Specification version, support of extended lengths, vendor id, a byte of the vendor's own. */
  readonly identification: Uint8Array;
  /** A key id of unknown use, 16 bytes. */
  readonly keyId: Uint8Array;
  /** 128 bytes of unknown meaning. */
  readonly opaque: Uint8Array;
}

/** Reads EF 0005. @throws {CardDataInvalidError} */
export function readTextBasicInformation(bytes: Uint8Array): TextBasicInformation {
  const tags = [Tag.IDENTIFICATION, Tag.KEY_ID, Tag.OPAQUE];
  const record = CardRecord.read(bytes, 'the basic information', Tag.BASIC_INFORMATION, tags);
  return {
    identification: record.value(Tag.IDENTIFICATION, 4),
    keyId: record.value(Tag.KEY_ID, 16),
    opaque: record.value(Tag.OPAQUE, 128),
  };
}
