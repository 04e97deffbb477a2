import type { Day } from '../calendar/day.ts';
import { eraOf, gregorianDate } from '../calendar/japanese-era.ts';
import type { Holder } from '../persona.ts';

/** Arc of the personal attributes (card-protocol.md 7.3). */
const ARC = '1.2.392.200149.8.5.5';

/** The six otherNames of a 署名用 certificate: .1 .4 .3 .5 .2 .6, the order of the test card (card-protocol.md 7.3). */
export function holderAttributes(holder: Holder, birth: Day): (readonly [oid: string, value: string])[] {
  return [
    [`${ARC}.1`, holder.name],
    [`${ARC}.4`, certifiedDate(birth)],
    [`${ARC}.3`, holder.sex],
    [`${ARC}.5`, holder.address],
    [`${ARC}.2`, noSubstitutes(holder.name)],
    [`${ARC}.6`, noSubstitutes(holder.address)],
  ];
}

/** EYYYYMMDD: the era's digit, then the Gregorian date. */
function certifiedDate(birth: Day): string {
  return `${eraOf(birth)?.digit ?? '0'}${gregorianDate(birth)}`;
}

/** 代替文字使用位置: one 0 per character that is no substitute; U+3000 counts. */
function noSubstitutes(text: string): string {
  return '0'.repeat([...text].length);
}
