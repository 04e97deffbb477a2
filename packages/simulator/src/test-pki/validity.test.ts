import { describe, expect, test } from 'vitest';
import { caValidity, holderValidity } from './validity.ts';

const end = (issued: string, birth: string, cardEnd?: string) => {
  const [year = 0, month = 0, day = 0] = birth.split('-').map(Number);
  const card = cardEnd === undefined ? undefined : new Date(cardEnd);
  return holderValidity(new Date(issued), { year, month, day }, card).notAfter.toISOString();
};

describe("a holder's certificate ends at 23:59:59 JST", () => {
  test('on the fifth birthday after issue, as on the test card (card-protocol.md 7.3)', () => {
    expect(end('2025-10-27T01:35:57Z', '1980-02-17')).toBe('2030-02-17T14:59:59.000Z');
  });

  test('not counting a birthday that falls on the day of issue in Japan', () => {
    expect(end('2025-02-16T14:59:59Z', '1980-02-17')).toBe('2029-02-17T14:59:59.000Z');
    expect(end('2025-02-16T15:00:00Z', '1980-02-17')).toBe('2030-02-17T14:59:59.000Z');
  });

  test('on 28 February of a year without a 29th', () => {
    expect(end('2026-06-01T00:00:00Z', '1992-02-29')).toBe('2031-02-28T14:59:59.000Z');
    expect(end('2027-06-01T00:00:00Z', '1992-02-29')).toBe('2032-02-29T14:59:59.000Z');
  });

  test('with the card where that is earlier', () => {
    expect(end('2026-06-01T00:00:00Z', '1992-05-05', '2027-01-31T14:59:59Z')).toBe(
      '2027-01-31T14:59:59.000Z',
    );
    expect(end('2026-06-01T00:00:00Z', '1992-05-05', '2040-01-31T14:59:59Z')).toBe(
      '2031-05-05T14:59:59.000Z',
    );
  });
});

describe("a CA's certificate", () => {
  test.each([
    ['2015-10-20T02:40:28Z', '2025-10-19T14:59:59.000Z'],
    ['2019-09-14T23:41:56Z', '2029-09-14T14:59:59.000Z'],
    ['2023-07-16T00:50:27Z', '2033-07-15T14:59:59.000Z'],
  ])('of %s ends like the real one (card-protocol.md 7.1)', (issued, notAfter) => {
    expect(caValidity(new Date(issued)).notAfter.toISOString()).toBe(notAfter);
  });
});
