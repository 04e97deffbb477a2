import type { Day } from './day.ts';

/** An era (元号) of the Japanese calendar. */
export interface JapaneseEra {
  /** Its digit in a 署名用 certificate (card-protocol.md 7.3). */
  readonly digit: string;
  /** First day as YYYYMMDD in decimal (card-protocol.md 4.1). */
  readonly from: number;
}

/** 令和, 平成, 昭和, 大正, 明治: latest first. */
const ERAS: readonly JapaneseEra[] = [
  { digit: '5', from: 2019_05_01 },
  { digit: '4', from: 1989_01_08 },
  { digit: '3', from: 1926_12_25 },
  { digit: '2', from: 1912_07_30 },
  { digit: '1', from: 1868_01_25 },
];

/** The era a day falls in; `undefined` before 明治. */
export function eraOf(day: Day): JapaneseEra | undefined {
  return ERAS.find(({ from }) => dateNumber(day) >= from);
}

/** YYMMDD with the year of the era, as it is printed on the card: 1980-02-17 is 550217 (card-protocol.md 4.1). */
export function eraDate(day: Day): string {
  const era = eraOf(day);
  if (era === undefined) throw new RangeError('a day before 明治');
  const year = day.year - Math.floor(era.from / 10_000) + 1;
  return [year, day.month, day.day].map((part) => `${part}`.padStart(2, '0')).join('');
}

/** YYYYMMDD, Gregorian, as the card's records have it. */
export function gregorianDate(day: Day): string {
  return `${dateNumber(day)}`.padStart(8, '0');
}

function dateNumber({ year, month, day }: Day): number {
  return year * 10_000 + month * 100 + day;
}
