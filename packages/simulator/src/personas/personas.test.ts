import { describe, expect, test } from 'vitest';
import { accessCodes } from '../access-codes.ts';
import { cardDates } from '../card-dates.ts';
import { personaNamed, personas } from './index.ts';

const NOW = new Date('2026-08-20T03:04:05Z');
const JST = 9 * 3_600_000;
const PIN_SHAPES = {
  sign: /^[0-9A-Z]{6,16}$/,
  auth: /^[0-9]{4}$/,
  text: /^[0-9]{4}$/,
  resident: /^[0-9]{4}$/,
};

/** The official check digit of a 個人番号: 平成26年総務省令第85号, article 5. Weights 2 to 7 and 2 to 6, from the right. */
function checkDigit(elevenDigits: string): string {
  const digits = [...elevenDigits].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => total + digit * (index < 6 ? index + 2 : index - 4), 0);
  return sum % 11 <= 1 ? '0' : `${11 - (sum % 11)}`;
}

test('the formula of the check digit finds those of numbers published as examples', () => {
  // The 個人番号 of the JPKI test card (test-card/README.md) ends with the digit that belongs to it.
  expect(checkDigit('53768667718')).toBe('8');
  expect(checkDigit('00000000000')).toBe('0');
});

describe.each(personas.map((persona) => [persona.name, persona] as const))('persona %s', (_name, persona) => {
  test('has a 個人番号 that nobody can have', () => {
    const { myNumber } = persona.holder;
    expect(myNumber).toMatch(/^[0-9]{12}$/);
    expect(myNumber.at(-1)).not.toBe(checkDigit(myNumber.slice(0, 11)));
  });

  test('has PINs of the right shape, no two of them the same', () => {
    const pins = Object.entries(persona.pins);
    for (const [name, pin] of pins) expect(pin).toMatch(PIN_SHAPES[name as keyof typeof PIN_SHAPES]);
    expect(new Set(pins.map(([, pin]) => pin)).size).toBe(pins.length);
  });

  test('has numbers of the right shape and says what is documented and what assumed', () => {
    expect(persona.numbers.securityCode).toMatch(/^[0-9]{4}$/);
    expect(persona.numbers.serialNumber).toMatch(/^[0-9]{15}$/);
    expect(persona.holder.municipalityCode).toMatch(/^[0-9]{5}$/);
    expect(persona.documented.length).toBeGreaterThan(0);
    expect(persona.assumed.length).toBeGreaterThan(0);
  });

  test('has a card that is good today and in twenty years', () => {
    for (const now of [NOW, new Date('2046-08-20T03:04:05Z'), new Date('2028-02-29T20:00:00Z')]) {
      const { issued, expiry } = cardDates(persona, now);
      const today = new Date(now.getTime() + JST).toISOString().slice(0, 10);
      const text = (day: typeof expiry) =>
        [day.year, day.month, day.day].map((part) => `${part}`.padStart(2, '0')).join('-');
      expect(text(issued) < today && today < text(expiry)).toBe(true);
    }
  });
});

test('personas that are not the same card have numbers of their own', () => {
  const plastic = personas.filter(({ card }) => card.applications === 'all');
  expect(new Set(plastic.map(({ numbers }) => numbers.serialNumber)).size).toBe(plastic.length);
  expect(new Set(plastic.map(({ numbers }) => numbers.securityCode)).size).toBe(plastic.length);
});

describe('access codes', () => {
  const codes = (name: string, time = NOW.toISOString()) => accessCodes(personaNamed(name), new Date(time));

  test('are the 個人番号, birth date with the year of expiry and the security code, and the birth date', () => {
    expect(codes('adult')).toEqual({ a: '999999010018', b: '60061520364321', birth: '600615' });
    expect(codes('child')).toEqual({ a: '999999020022', b: '29110320304322', birth: '291103' });
    expect(codes('foreign-resident')).toEqual({ a: '999999030035', b: '04022920284325', birth: '040229' });
    expect(codes('generation-1')?.b).toBe('60061520294331');
  });

  test('do not exist where there is no application that takes them', () => {
    for (const name of ['phone-android', 'phone-iphone', 'juki']) expect(codes(name)).toBeUndefined();
  });

  test('follow the dates on the card, which change once a year', () => {
    expect(codes('adult', '2026-07-14T14:59:59Z')?.b).toBe('60061520354321');
    expect(codes('adult', '2026-07-14T15:00:00Z')?.b).toBe('60061520364321');
    expect(codes('foreign-resident', '2027-04-30T14:59:59Z')?.b).toMatch(/2028....$/);
    expect(codes('foreign-resident', '2027-04-30T15:00:00Z')?.b).toMatch(/2029....$/);
  });
});
