import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DerReader } from '../der/reader.ts';
import { Tag } from '../der/tags.ts';
import { element, time } from '../der/writer.ts';
import { DerError } from '../errors.ts';
import { isDate, readTime } from './time.ts';

const read = (tag: number, text: string): number =>
  readTime(new DerReader(element(tag, Buffer.from(text, 'latin1'))));

test.each<[number, string, string]>([
  [Tag.UTC_TIME, '250102030405Z', '2025-01-02T03:04:05Z'],
  [Tag.UTC_TIME, '491231235959Z', '2049-12-31T23:59:59Z'],
  [Tag.UTC_TIME, '500101000000Z', '1950-01-01T00:00:00Z'],
  [Tag.UTC_TIME, '240229000000Z', '2024-02-29T00:00:00Z'],
  [Tag.GENERALIZED_TIME, '20500101000000Z', '2050-01-01T00:00:00Z'],
  [Tag.GENERALIZED_TIME, '99991231235959Z', '9999-12-31T23:59:59Z'],
])('tag %i %s is %s', (tag, text, expected) => {
  expect(new Date(read(tag, text)).toISOString()).toBe(expected.replace('Z', '.000Z'));
});

test.each<[number, string, string]>([
  [Tag.UTC_TIME, '2501020304Z', 'no seconds'],
  [Tag.UTC_TIME, '250102030405+0900', 'an offset'],
  [Tag.UTC_TIME, '250102030405', 'no Z'],
  [Tag.UTC_TIME, '250102030405z', 'a small z'],
  [Tag.UTC_TIME, '20250102030405Z', 'four digits of year'],
  [Tag.UTC_TIME, '251302030405Z', 'month 13'],
  [Tag.UTC_TIME, '250002030405Z', 'month 0'],
  [Tag.UTC_TIME, '250100030405Z', 'day 0'],
  [Tag.UTC_TIME, '250229000000Z', '29 February of a common year'],
  [Tag.UTC_TIME, '250431000000Z', '31 April'],
  [Tag.UTC_TIME, '250102240000Z', 'hour 24'],
  [Tag.UTC_TIME, '250102036000Z', 'minute 60'],
  [Tag.UTC_TIME, '250102030460Z', 'second 60'],
  [Tag.UTC_TIME, '25 102030405Z', 'a blank'],
  [Tag.UTC_TIME, '-50102030405Z', 'a sign'],
  [Tag.GENERALIZED_TIME, '20250102030405.5Z', 'fractions'],
  [Tag.GENERALIZED_TIME, '250102030405Z', 'two digits of year'],
  [Tag.GENERALIZED_TIME, '00500101000000Z', 'a year that a Date takes for 1950'],
  [Tag.UTF8_STRING, '250102030405Z', 'text'],
])('tag %i %s is refused: %s', (tag, text, _) => {
  expect(() => read(tag, text)).toThrow(DerError);
});

test('every second that is written is read back', () => {
  const date = fc.date({
    min: new Date('0100-01-01'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (moment) => {
      const second = Math.floor(moment.getTime() / 1000) * 1000;
      expect(readTime(new DerReader(time(new Date(second))))).toBe(second);
    }),
  );
});

test('the calendar is that of Date, every day of four centuries', () => {
  const wrong: string[] = [];
  for (let year = 1900; year < 2300; year++) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const date = new Date(Date.UTC(year, month - 1, day));
        const stays = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
        if (isDate(year, month, day) !== stays) wrong.push(`${year}-${month}-${day}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});
