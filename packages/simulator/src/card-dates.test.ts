import { describe, expect, test } from 'vitest';
import { eraDate, gregorianDate } from './calendar/japanese-era.ts';
import { cardDates } from './card-dates.ts';
import type { Birth, CardLife } from './persona.ts';
import { ADULT } from './personas/adult.ts';

/** The last day of a card issued today. */
const expiry = (now: string, birth: Birth, life: Partial<CardLife> = {}) => {
  const card = { ...ADULT.card, life: { issuedDaysAgo: 0, ...life } };
  const dates = cardDates(
    { ...ADULT, holder: { ...ADULT.holder, birth }, card },
    new Date(`${now}T00:00:00Z`),
  );
  return gregorianDate(dates.expiry);
};

describe('a card ends', () => {
  test('on the tenth birthday after its issue; a birthday on the day of issue does not count', () => {
    expect(expiry('2026-06-14', { year: 1985, month: 6, day: 15 })).toBe('20350615');
    expect(expiry('2026-06-15', { year: 1985, month: 6, day: 15 })).toBe('20360615');
  });

  test('on the fifth birthday when its holder was under 18, under 20 before April 2022', () => {
    expect(expiry('2026-06-14', { year: 2008, month: 6, day: 15 })).toBe('20300615');
    expect(expiry('2026-06-15', { year: 2008, month: 6, day: 15 })).toBe('20360615');
    expect(expiry('2022-03-31', { year: 2002, month: 4, day: 1 })).toBe('20260401');
    expect(expiry('2022-04-01', { year: 2003, month: 4, day: 2 })).toBe('20310402');
  });

  test('on the 28th where a 29 February has no birthday', () => {
    expect(expiry('2026-06-15', { year: 1992, month: 2, day: 29 })).toBe('20360229');
    expect(expiry('2027-06-15', { year: 1992, month: 2, day: 29 })).toBe('20370228');
  });

  test('with the period of stay, a year or more after the issue', () => {
    const stay = { stayEnds: { month: 3, day: 31 } };
    expect(expiry('2026-03-31', { year: 1992, month: 2, day: 29 }, stay)).toBe('20270331');
    expect(expiry('2026-04-01', { year: 1992, month: 2, day: 29 }, stay)).toBe('20280331');
  });
});

describe('the date of an era', () => {
  test.each([
    ['19800217', 1980, 2, 17, '550217'],
    ['19890107', 1989, 1, 7, '640107'],
    ['19890108', 1989, 1, 8, '010108'],
    ['20190430', 2019, 4, 30, '310430'],
    ['20190501', 2019, 5, 1, '010501'],
    ['19261224', 1926, 12, 24, '151224'],
    ['19120729', 1912, 7, 29, '450729'],
  ])('of %s has the year counted from its first one', (date, year, month, day, era) => {
    expect(eraDate({ year, month, day })).toBe(era);
    expect(gregorianDate({ year, month, day })).toBe(date);
  });

  test('is refused before 明治', () => {
    expect(() => eraDate({ year: 1868, month: 1, day: 24 })).toThrow(RangeError);
  });
});
