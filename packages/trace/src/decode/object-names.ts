import { type MappedTags, recordTags } from '@jpki/applets/card-map';
import { dottedOid } from '@jpki/core/der';
import { toHex } from '@jpki/iso7816';
import { hexDigits } from './display-text.ts';
import type { ObjectNames } from './open-objects.ts';
import { clearText } from './value-text.ts';
import type { Words } from './wording.ts';

/** Universal tags (ITU-T X.680, 8.6) by their identifier octet. */
const UNIVERSAL: ReadonlyMap<number, string> = new Map([
  [0x01, 'BOOLEAN'],
  [0x02, 'INTEGER'],
  [0x03, 'BIT STRING'],
  [0x04, 'OCTET STRING'],
  [0x05, 'NULL'],
  [0x06, 'OBJECT IDENTIFIER'],
  [0x0c, 'UTF8String'],
  [0x13, 'PrintableString'],
  [0x16, 'IA5String'],
  [0x17, 'UTCTime'],
  [0x18, 'GeneralizedTime'],
  [0x30, 'SEQUENCE'],
  [0x31, 'SET'],
]);

/** Names of DER. */
export const DER_NAMES: ObjectNames = {
  label: (tag) => UNIVERSAL.get(tag) ?? contextName(tag) ?? tagText(tag),
  value: (tag, bytes) => {
    if (tag === 0x06) return oidText(bytes);
    return tag === 0x02 || tag === 0x01 ? toHex(bytes.subarray(0, 32)) : undefined;
  },
};

function contextName(tag: number): string | undefined {
  return tag >= 0x80 && tag < 0xc0 ? `[${tag & 0x1f}]` : undefined;
}

function oidText(bytes: Uint8Array): Words | undefined {
  try {
    return dottedOid(bytes);
  } catch {
    return undefined;
  }
}

/** Names outside the records: CV certificates, keys, and templates of ISO/IEC 7816-4 and -6. */
const GENERAL: ReadonlyMap<number, Words> = new Map<number, Words>([
  [0x06, 'OID'],
  [0x4d, { ja: 'ヘッダリスト', en: 'header list' }],
  [0x4f, 'AID'],
  [0x5f20, { ja: '証明対象の識別子', en: 'subject id' }],
  [0x5f37, { ja: '電子署名', en: 'signature' }],
  [0x5f49, { ja: '公開鍵', en: 'public key' }],
  [0x5f4e, { ja: 'CV証明書の本体', en: 'certificate body' }],
  [0x62, 'FCP'],
  [0x66, { ja: 'カードデータ', en: 'card data' }],
  [0x6f, 'FCI'],
  [0x73, { ja: '独自データ', en: 'discretionary data' }],
  [0x7f21, { ja: 'CV証明書', en: 'CV certificate' }],
  [0x80, { ja: 'ファイル長', en: 'number of bytes' }],
  [0x84, { ja: 'DF名', en: 'DF name' }],
  [0x90, { ja: '公開指数', en: 'exponent' }],
  [0x91, { ja: '法', en: 'modulus' }],
  [0xa5, { ja: '独自情報', en: 'proprietary information' }],
]);

/** Names of the data objects of one application, or of the card where none is selected. */
export function cardNames(aid: Uint8Array | undefined): ObjectNames {
  const tags = aid === undefined ? undefined : tagsOf(toHex(aid));
  return {
    label: (tag) => {
      const name = tags?.tags.find((mapped) => mapped.tag === tag);
      if (name === undefined) return labelled(tag, GENERAL.get(tag));
      return labelled(tag, { ja: name.japaneseName, en: name.japaneseName });
    },
    value: (tag, bytes) => {
      if (tag === 0x06) return oidText(bytes);
      if (isNamed(tag, tags, 'offsets')) return offsetsText(bytes);
      return (isNamed(tag, tags, 'sex') ? sexText(bytes) : undefined) ?? clearText(bytes);
    },
    // FF10, by its first byte made of data objects: the twelve digits of the number stand in it as they are.
    isPlain: (tag) => isNamed(tag, tags, 'Individual Number'),
  };
}

function tagsOf(aid: string): MappedTags | undefined {
  return recordTags.find((tags) => toHex(tags.aid) === aid);
}

function labelled(tag: number, name: Words | undefined): Words {
  const number = tagText(tag);
  if (name === undefined) return number;
  return typeof name === 'string'
    ? `${number} ${name}`
    : { ja: `${number} ${name.ja}`, en: `${number} ${name.en}` };
}

function tagText(tag: number): string {
  return hexDigits(tag, tag > 0xff ? 4 : 2);
}

function isNamed(tag: number, tags: MappedTags | undefined, name: string): boolean {
  return tags?.tags.some((mapped) => mapped.tag === tag && mapped.name === name) ?? false;
}

/** The digit of JIS X 0303 for the sex of a person. */
const SEXES: ReadonlyMap<number, Words> = new Map<number, Words>([
  [0x31, { ja: '1（男）', en: '1 (male)' }],
  [0x32, { ja: '2（女）', en: '2 (female)' }],
  [0x39, { ja: '9（適用不能）', en: '9 (not applicable)' }],
]);

function sexText([digit, ...more]: Uint8Array): Words | undefined {
  return digit === undefined || more.length > 0 ? undefined : SEXES.get(digit);
}

/** A table of 16-bit offsets (card-protocol.md 4.2, 5). */
function offsetsText(bytes: Uint8Array): Words {
  if (bytes.length % 2 !== 0 || bytes.length > 64) return clearText(bytes);
  const pairs = Array.from({ length: bytes.length / 2 }, (_, i) => toHex(bytes.subarray(2 * i, 2 * i + 2)));
  return pairs.join(' ');
}
