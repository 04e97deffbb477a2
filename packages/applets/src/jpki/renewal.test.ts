import { describe, expect, test } from 'vitest';
import { renewableFrom } from './renewal.ts';

describe('renewableFrom', () => {
  test.each([
    // The two examples of card-protocol.md 7.2, then the ends of months that their corresponding month lacks.
    ['2027-07-07', '2027-04-08'],
    ['2027-05-28', '2027-03-01'],
    ['2027-05-31', '2027-03-01'],
    ['2028-05-29', '2028-03-01'],
    ['2027-12-31', '2027-10-01'],
    ['2027-01-15', '2026-10-16'],
    ['2027-03-31', '2027-01-01'],
  ])('a certificate that ends on %s (23:59:59 in Japan) can be renewed from %s', (end, from) => {
    expect(renewableFrom(new Date(`${end}T14:59:59Z`))).toBe(from);
  });

  test('the day is the one in Japan, not the one in UTC', () => {
    expect(renewableFrom(new Date('2027-07-06T20:00:00Z'))).toBe('2027-04-08');
  });
});
