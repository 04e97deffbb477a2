/** Japan is nine hours ahead of UTC all year. */
const JST_OFFSET = 9 * 3_600_000;

const DAY = 24 * 3_600_000;

/** A certificate's life: notBefore and notAfter, whole seconds. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A calendar day in Japan; `month` 1 to 12. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The calendar day in Japan at a moment. */
export function japaneseDay(moment: Date): Day {
  const local = new Date(moment.getTime() + JST_OFFSET);
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

/** 23:59:59 in Japan, which certificates write as 14:59:59Z (card-protocol.md 7.2). */
export function endOfDay({ year, month, day }: Day): Date {
  return new Date(Date.UTC(year, month - 1, day, 14, 59, 59));
}

export function daysBefore(moment: Date, days: number): Date {
  return wholeSeconds(new Date(moment.getTime() - days * DAY));
}

export function yearsBefore(moment: Date, years: number): Date {
  const earlier = new Date(moment);
  earlier.setUTCFullYear(earlier.getUTCFullYear() - years);
  return wholeSeconds(earlier);
}

function wholeSeconds(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000);
}

/** A CA's certificate ends the day before its tenth anniversary (computed from the six of card-protocol.md 7.1). */
export function caValidity(issued: Date): Validity {
  const { year, month, day } = japaneseDay(issued);
  return { notBefore: issued, notAfter: endOfDay({ year: year + 10, month, day: day - 1 }) };
}

/** A holder's certificate ends on the fifth birthday after its issue, or with the card (card-protocol.md 7.2). */
export function holderValidity(issued: Date, birth: Day, cardEnd?: Date): Validity {
  const fifth = endOfDay(nextBirthday(japaneseDay(issued), birth, 5));
  return { notBefore: issued, notAfter: cardEnd !== undefined && cardEnd < fifth ? cardEnd : fifth };
}

/** The n-th birthday after a day; one on that day does not count. */
export function nextBirthday(after: Day, birth: Day, count: number): Day {
  const hadBirthday = after.month > birth.month || (after.month === birth.month && after.day >= birth.day);
  const year = after.year + count - (hadBirthday ? 0 : 1);
  // No published rule for 29 February (card-protocol.md 7.2): we take the 28th where there is no 29th.
  const lastDay = new Date(Date.UTC(year, birth.month, 0)).getUTCDate();
  return { year, month: birth.month, day: Math.min(birth.day, lastDay) };
}
