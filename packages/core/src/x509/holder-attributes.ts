import { DerReader } from '../der/reader.ts';
import { contextConstructed, Tag } from '../der/tags.ts';
import { DerError } from '../errors.ts';
import { oidContents, oidKey } from '../oids.ts';

/**
 * The holder's 基本4情報 (four basic attributes) in a 署名用電子証明書, as written in the certificate. Personal
 * data: never log it, and show it only to whom the holder gave it.
 */
export interface HolderAttributes {
  /** 氏名, parts separated by U+3000. */
  readonly name?: string;
  /** 住所. */
  readonly address?: string;
  /** 生年月日, `YYYY-MM-DD`; absent where the certificate's date is malformed. */
  readonly birthDate?: string;
  /** 性別 (JIS X 0303). */
  readonly sex?: 'male' | 'female' | 'not-applicable' | 'unknown';
}

/** Arc of the otherName attributes (card-protocol.md 7.3: 1.2.392.200149.8.5.5, .1 to .6). */
const ARC = oidKey(oidContents('1.2.392.200149.8.5.5'));

const SEX: Readonly<Record<string, NonNullable<HolderAttributes['sex']>>> = {
  '1': 'male',
  '2': 'female',
  '9': 'not-applicable',
};

/** Reads the attributes out of the value of a subjectAltName extension. @throws {DerError} when it is malformed. */
export function holderAttributes(subjectAltName: Uint8Array): HolderAttributes {
  const values = new Map<number, string>();
  const names = new DerReader(subjectAltName).expect(Tag.SEQUENCE).enter();
  while (names.more) {
    if (names.next() !== contextConstructed(0)) continue;
    const other = names.enter();
    const oid = other.expect(Tag.OBJECT_IDENTIFIER).contents;
    const last = oid[oid.length - 1];
    if (last === undefined || oidKey(oid.subarray(0, -1)) !== ARC) continue;
    const value = other.expect(contextConstructed(0)).enter().expect(Tag.UTF8_STRING);
    // Two names of one person: which of them another program shows is anybody's guess.
    if (values.has(last)) throw new DerError('an attribute of the holder stands twice', other.header);
    values.set(last, Buffer.from(value.contents).toString('utf8'));
  }
  return named(values);
}

function named(values: ReadonlyMap<number, string>): HolderAttributes {
  const [name, sex, birth, address] = [values.get(1), values.get(3), values.get(4), values.get(5)];
  const birthDate = gregorianDate(birth);
  return {
    ...(name !== undefined && { name }),
    ...(address !== undefined && { address }),
    ...(birthDate !== undefined && { birthDate }),
    ...(sex !== undefined && { sex: SEX[sex] ?? 'unknown' }),
  };
}

/** EYYYYMMDD, an era digit and the Gregorian date (card-protocol.md 7.3), as ISO 8601. */
function gregorianDate(text: string | undefined): string | undefined {
  const [, year, month, day] = text?.match(/^[0-5](\d{4})(\d{2})(\d{2})$/) ?? [];
  const date = `${year}-${month}-${day}`;
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? date : undefined;
}
