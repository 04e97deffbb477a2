/** Japan is nine hours ahead of UTC all year. */
const JST_OFFSET = 9 * 3_600_000;

const DAY = 24 * 3_600_000;

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

/** So many days before a moment, in whole seconds, as certificates count. */
export function daysBefore(moment: Date, days: number): Date {
  return wholeSeconds(new Date(moment.getTime() - days * DAY));
}

/** The same moment so many years earlier, in whole seconds. */
export function yearsBefore(moment: Date, years: number): Date {
  const earlier = new Date(moment);
  earlier.setUTCFullYear(earlier.getUTCFullYear() - years);
  return wholeSeconds(earlier);
}

function wholeSeconds(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000);
}

/** The n-th birthday after a day; one on that day does not count. */
export function nextBirthday(after: Day, birth: Day, count: number): Day {
  const hadBirthday = after.month > birth.month || (after.month === birth.month && after.day >= birth.day);
  const year = after.year + count - (hadBirthday ? 0 : 1);
  // No published rule for 29 February (card-protocol.md 7.2): we take the 28th where there is no 29th.
  const lastDay = new Date(Date.UTC(year, birth.month, 0)).getUTCDate();
  return { year, month: birth.month, day: Math.min(birth.day, lastDay) };
}
