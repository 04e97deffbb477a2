/** First day of an era and the Gregorian year of its year 1 (card-protocol.md 4.1). */
const ERAS = [
  { name: '令和', from: '2019-05-01' },
  { name: '平成', from: '1989-01-08' },
  { name: '昭和', from: '1926-12-25' },
  { name: '大正', from: '1912-07-30' },
  { name: '明治', from: '1868-01-25' },
] as const;

/** A year of the Japanese calendar. */
export interface EraYear {
  /** 令和, 平成, 昭和, 大正 or 明治. */
  readonly era: (typeof ERAS)[number]['name'];
  /** From 1. */
  readonly year: number;
}

/** The era year of a date `YYYY-MM-DD`. @throws {RangeError} when it is no date, or lies before 1868-01-25. */
export function eraYearOf(date: string): EraYear {
  const parsed = new Date(`${date}T00:00:00Z`);
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(parsed.getTime());
  if (!isDate || parsed.toISOString().slice(0, 10) !== date) throw new RangeError('a date is YYYY-MM-DD');
  const era = ERAS.find(({ from }) => date >= from);
  if (era === undefined) throw new RangeError('no era is known before 1868-01-25');
  return { era: era.name, year: Number(date.slice(0, 4)) - Number(era.from.slice(0, 4)) + 1 };
}

/**
 * A birth date as the card wants it for the age record: six digits, year of the era, month, day, as printed on the card
 * (`1985-06-15` is 昭和60年: `600615`).
 */
export function birthDigits(birthDate: string): string {
  const { year } = eraYearOf(birthDate);
  return String(year).padStart(2, '0') + birthDate.slice(5, 7) + birthDate.slice(8, 10);
}

/** What 照合番号B is made of; all of it is printed on the card. */
export interface NumberBParts {
  /** 生年月日, `YYYY-MM-DD`. */
  readonly birthDate: string;
  /** Year in which the card expires (有効期限). */
  readonly expiryYear: number;
  /** セキュリティコード, 4 digits. */
  readonly securityCode: string;
}

/** 照合番号B, 14 digits: birth date with its era year, expiry year, security code. @throws {RangeError} */
export function numberBDigits({ birthDate, expiryYear, securityCode }: NumberBParts): string {
  if (!Number.isInteger(expiryYear) || expiryYear < 2016 || expiryYear > 9999)
    throw new RangeError('an expiry year has four digits');
  if (!/^[0-9]{4}$/.test(securityCode)) throw new RangeError('a security code has four digits');
  return birthDigits(birthDate) + String(expiryYear) + securityCode;
}
