import { OidTable } from '../der/oid-table.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, Tag } from '../der/tags.ts';
import { DerError } from '../errors.ts';
import { isDate } from './time.ts';

/**
 * The holder's 基本4情報 (four basic attributes) in a 署名用電子証明書, as written in the certificate. Personal
 * data: never log it, and show it only to whom the holder gave it. What the certificate does not say is `undefined`.
 */
export interface HolderAttributes {
  /** 氏名, parts separated by U+3000. */
  readonly name: string | undefined;
  /** 住所. */
  readonly address: string | undefined;
  /** 生年月日, `YYYY-MM-DD`; `undefined` too where the certificate's date is malformed. */
  readonly birthDate: string | undefined;
  /** 性別 (JIS X 0303). */
  readonly sex: 'male' | 'female' | 'not-applicable' | 'unknown' | undefined;
}

type Field = 'name' | 'nameSubstitutes' | 'sex' | 'birth' | 'address' | 'addressSubstitutes';

/** The otherName attributes of JPKI (card-protocol.md 7.3: 1.2.392.200149.8.5.5, .1 to .6). */
const FIELDS = new OidTable<Field>([
  ['1.2.392.200149.8.5.5.1', 'name'],
  ['1.2.392.200149.8.5.5.2', 'nameSubstitutes'],
  ['1.2.392.200149.8.5.5.3', 'sex'],
  ['1.2.392.200149.8.5.5.4', 'birth'],
  ['1.2.392.200149.8.5.5.5', 'address'],
  ['1.2.392.200149.8.5.5.6', 'addressSubstitutes'],
]);

/** What a certificate without attributes of a holder says. */
export const NO_ATTRIBUTES: HolderAttributes = {
  name: undefined,
  address: undefined,
  birthDate: undefined,
  sex: undefined,
};

/** By the digit, in ASCII. */
const SEX: ReadonlyMap<number | undefined, HolderAttributes['sex']> = new Map([
  [0x31, 'male'],
  [0x32, 'female'],
  [0x39, 'not-applicable'],
]);

/** Readers that stand on the text of a field: only what is told is decoded. */
type Texts = { [field in Field]?: DerReader };

/** Reads the attributes out of the value of a subjectAltName extension. @throws {DerError} when it is malformed. */
export function holderAttributes(subjectAltName: Uint8Array): HolderAttributes {
  const texts: Texts = {};
  const names = new DerReader(subjectAltName).expect(Tag.SEQUENCE).enter();
  const other = names.enter();
  while (names.more) {
    if (names.next() !== contextConstructed(0)) continue;
    other.enterFrom(names);
    const field = FIELDS.find(other.expect(Tag.OBJECT_IDENTIFIER));
    if (field === undefined) continue;
    const text = other.expect(contextConstructed(0)).enter().expect(Tag.UTF8_STRING);
    // Two names of one person: which of them another program shows is anybody's guess.
    if (texts[field] !== undefined)
      throw new DerError('an attribute of the holder stands twice', other.header);
    texts[field] = text;
  }
  return decoded(texts, subjectAltName);
}

function decoded({ name, sex, birth, address }: Texts, subjectAltName: Uint8Array): HolderAttributes {
  const { buffer, byteOffset, length } = subjectAltName;
  const bytes = Buffer.from(buffer, byteOffset, length);
  const text = (at: DerReader | undefined) => at && bytes.toString('utf8', at.start, at.end);
  return {
    name: text(name),
    address: text(address),
    birthDate: birth && gregorianDate(bytes, birth),
    sex: sex && sexOf(bytes, sex),
  };
}

function sexOf(bytes: Buffer, { start, end }: DerReader): HolderAttributes['sex'] {
  return (end - start === 1 && SEX.get(bytes[start])) || 'unknown';
}

/** EYYYYMMDD, an era digit and the Gregorian date (card-protocol.md 7.3), as ISO 8601. */
function gregorianDate(bytes: Buffer, { start, end }: DerReader): string | undefined {
  if (end - start !== 9) return undefined;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  const [year, month, day] = [Math.floor(number / 1e4) % 1e4, Math.floor(number / 100) % 100, number % 100];
  if (number >= 6e8 || !isDate(year, month, day)) return undefined;
  const text = bytes.toString('latin1', start + 1, end);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}
