import { type Day, daysBefore, japaneseDay, nextBirthday } from './calendar/day.ts';
import type { Holder, Persona } from './persona.ts';

/** The dates of a persona's card on some day. */
export interface CardDates {
  /** 生年月日. */
  readonly birth: Day;
  readonly issued: Day;
  /** 有効期間満了日: the last day of the card. */
  readonly expiry: Day;
}

/**
 * The dates that stand on a persona's card. They move with `now`, as the certificates do, so that no card ever ends;
 * the day a card ends changes once a year.
 */
export function cardDates({ holder, card }: Persona, now: Date): CardDates {
  const { issuedDaysAgo, stayEnds } = card.life;
  const issued = japaneseDay(daysBefore(now, issuedDaysAgo));
  const birth = birthDay(holder, now);
  const expiry = stayEnds === undefined ? birthdayEnd(issued, birth) : stayEnd(issued, stayEnds);
  return { birth, issued, expiry };
}

/** The birth date of a holder who may stay of one age for ever: then of that age, or a year younger, by the month. */
export function birthDay({ birth }: Holder, now: Date): Day {
  const { month, day } = birth;
  if ('year' in birth) return birth;
  return { year: japaneseDay(now).year - birth.age, month, day };
}

/** Full age came down from 20 to 18 on this day (leaflet for cardholders; 民法 as of 2022-04-01). */
const ADULT_AT_18_FROM = { year: 2022, month: 4, day: 1 } as const;

/** The tenth birthday after the issue; the fifth when the holder was under age then (leaflet for cardholders). */
function birthdayEnd(issued: Day, birth: Day): Day {
  const fullAge = isBefore(issued, ADULT_AT_18_FROM) ? 20 : 18;
  const ofAge = !isBefore(issued, { ...birth, year: birth.year + fullAge });
  return nextBirthday(issued, birth, ofAge ? 10 : 5);
}

function stayEnd(issued: Day, { month, day }: { readonly month: number; readonly day: number }): Day {
  const nextYear = { year: issued.year + 1, month, day };
  return isBefore(nextYear, { ...issued, year: issued.year + 1 })
    ? { year: issued.year + 2, month, day }
    : nextYear;
}

function isBefore(one: Day, other: Day): boolean {
  return one.year - other.year < 0 || (one.year === other.year && dayOfYear(one) < dayOfYear(other));
}

/** Orders the days of one year. */
function dayOfYear({ month, day }: Day): number {
  return month * 100 + day;
}
