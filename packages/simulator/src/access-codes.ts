import { eraDate } from './calendar/japanese-era.ts';
import { cardDates } from './card-dates.ts';
import type { Persona } from './persona.ts';

/** What opens the applications of the card's face besides PINs (card-protocol.md 4.1, 5). */
export interface AccessCodes {
  /** 照合番号A: the 個人番号, 12 digits. */
  readonly a: string;
  /** 照合番号B: birth date YYMMDD with the year of the era, year of expiry YYYY, security code; 14 digits. */
  readonly b: string;
  /** 生年月日 key: birth date YYMMDD with the year of the era, 6 digits. */
  readonly birth: string;
}

/**
 * The access codes of a persona's card, all printed on it; they change with the dates on the card.
 *
 * @returns `undefined` for a phone and the old 住基カード, which have no such application.
 */
export function accessCodes(persona: Persona, now: Date = new Date()): AccessCodes | undefined {
  if (persona.card.applications !== 'all') return undefined;
  const dates = cardDates(persona, now);
  const birth = eraDate(dates.birth);
  return {
    a: persona.holder.myNumber,
    b: `${birth}${dates.expiry.year}${persona.numbers.securityCode}`,
    birth,
  };
}
