import { CardDataInvalidError } from './errors.ts';

/** ASCII digits out of a field. @throws {CardDataInvalidError} for anything else. */
export function readDigits(bytes: Uint8Array, what: string): string {
  const text = Buffer.from(bytes).toString('latin1');
  if (!/^[0-9]+$/.test(text)) throw new CardDataInvalidError(`${what} is no number`);
  return text;
}

/** A date `YYYYMMDD` in a field, as `YYYY-MM-DD`. @throws {CardDataInvalidError} when the calendar has no such day. */
export function readDate(bytes: Uint8Array, what: string): string {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(readDigits(bytes, what)) ?? [];
  const text = `${year}-${month}-${day}`;
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    throw new CardDataInvalidError(`${what} is no date`);
  return text;
}

/** 性別 as JIS X 0303 codes it. */
export type Sex = 'male' | 'female' | 'not-applicable' | 'unknown';

const SEXES: Readonly<Record<string, Sex>> = {
  '0': 'unknown',
  '1': 'male',
  '2': 'female',
  '9': 'not-applicable',
};

/** 性別 out of a field of one digit. @throws {CardDataInvalidError} for another code. */
export function readSex(bytes: Uint8Array): Sex {
  const sex = SEXES[readDigits(bytes, 'the sex')];
  if (sex === undefined) throw new CardDataInvalidError('the sex is none of the known codes');
  return sex;
}
