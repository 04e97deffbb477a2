import type { Holder } from '../persona.ts';
import type { Day } from './validity.ts';

/** Arc of the personal attributes (card-protocol.md 7.3). */
const ARC = '1.2.392.200149.8.5.5';

/** First days of the eras, latest first, with their digit in the certificate (card-protocol.md 4.1, 7.3). */
const ERAS = [
  ['5', 2019_05_01],
  ['4', 1989_01_08],
  ['3', 1926_12_25],
  ['2', 1912_07_30],
  ['1', 1868_01_25],
] as const;

/** The six otherNames of a 署名用 certificate: .1 .4 .3 .5 .2 .6, the order of the test card (card-protocol.md 7.3). */
export function holderAttributes(holder: Holder, birth: Day): (readonly [oid: string, value: string])[] {
  return [
    [`${ARC}.1`, holder.name],
    [`${ARC}.4`, eraDate(birth)],
    [`${ARC}.3`, holder.sex],
    [`${ARC}.5`, holder.address],
    [`${ARC}.2`, noSubstitutes(holder.name)],
    [`${ARC}.6`, noSubstitutes(holder.address)],
  ];
}

/** EYYYYMMDD: the era's digit, then the Gregorian date. */
function eraDate({ year, month, day }: Day): string {
  const date = year * 10_000 + month * 100 + day;
  const era = ERAS.find(([, from]) => date >= from)?.[0] ?? '0';
  return `${era}${date}`;
}

/** 代替文字使用位置: one 0 per character that is no substitute; U+3000 counts. */
function noSubstitutes(text: string): string {
  return '0'.repeat([...text].length);
}
