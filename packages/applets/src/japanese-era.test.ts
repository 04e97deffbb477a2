import { describe, expect, test } from 'vitest';
import { birthDigits, eraYearOf, numberBDigits } from './japanese-era.ts';

test.each([
  ['2019-05-01', '令和', 1],
  ['2019-04-30', '平成', 31],
  ['1989-01-08', '平成', 1],
  ['1989-01-07', '昭和', 64],
  ['1926-12-25', '昭和', 1],
  ['1926-12-24', '大正', 15],
  ['1912-07-30', '大正', 1],
  ['1912-07-29', '明治', 45],
  ['1868-01-25', '明治', 1],
  ['2026-01-01', '令和', 8],
])('%s is %s %i', (date, era, year) => {
  expect(eraYearOf(date)).toEqual({ era, year });
});

test.each(['1868-01-24', '1980-02-30', '1980-2-17', 'today', '19800217', '-100000-01-01'])(
  '%s has no era',
  (date) => {
    expect(() => eraYearOf(date)).toThrow(RangeError);
  },
);

describe('照合番号B', () => {
  test('is birth date with the year of the era, expiry year and security code', () => {
    expect(birthDigits('1985-06-15')).toBe('600615');
    expect(birthDigits('2020-11-03')).toBe('021103');
    expect(numberBDigits({ birthDate: '1985-06-15', expiryYear: 2036, securityCode: '4321' })).toBe(
      '60061520364321',
    );
  });

  test.each([
    { birthDate: '1980-02-30', expiryYear: 2035, securityCode: '4321' },
    { birthDate: '1980-02-17', expiryYear: 35, securityCode: '4321' },
    { birthDate: '1980-02-17', expiryYear: 2035.5, securityCode: '4321' },
    { birthDate: '1980-02-17', expiryYear: 2035, securityCode: '432' },
    { birthDate: '1980-02-17', expiryYear: 2035, securityCode: '４３２１' },
  ])('of wrong parts is refused', (parts) => {
    expect(() => numberBDigits(parts)).toThrow(RangeError);
  });
});
