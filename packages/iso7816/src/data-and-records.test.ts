import { expect, test } from 'vitest';
import { answering, type FakeChannel } from '../test/fake-channel.ts';
import { Card } from './card.ts';
import type { CardSession } from './card-session.ts';
import { StatusWordError } from './errors.ts';

const run = <T>(channel: FakeChannel, work: (session: CardSession) => Promise<T>) =>
  new Card(channel).exclusive(work);

test('READ RECORD gives one record of the selected EF', async () => {
  const channel = answering('9000', '0101FF9000');
  const record = await run(channel, async (session) => {
    await session.selectEf(0x0001);
    return session.readRecord(1);
  });
  expect(record).toEqual(Uint8Array.of(1, 1, 0xff));
  expect(channel.sent[1]).toBe('00B2010400');
});

test.each([0, 255, 1.5])('there is no record %s', async (number) => {
  const channel = answering('9000');
  await expect(run(channel, (session) => session.readRecord(number))).rejects.toBeInstanceOf(RangeError);
  expect(channel.sent).toEqual([]);
});

test('READ RECORD past the last one is an error', async () => {
  const reading = run(answering('6A83'), (session) => session.readRecord(9));
  await expect(reading).rejects.toMatchObject({ sw: 0x6a83 });
});

test('GET DATA takes a short Le', async () => {
  const channel = answering('31329000');
  expect(await run(channel, (session) => session.getData(0x00f0))).toEqual(Uint8Array.of(0x31, 0x32));
  expect(channel.sent).toEqual(['00CA00F000']);
});

test('GET DATA of a large object is asked again with an extended Le, once', async () => {
  const channel = answering('6700', '6700');
  await expect(run(channel, (session) => session.getData(0x7f21))).rejects.toBeInstanceOf(StatusWordError);
  expect(channel.sent).toEqual(['00CA7F2100', '00CA7F21000000']);
});

test('GET DATA of a large object works on a card that answers 6C00', async () => {
  const channel = answering('6C00', '6C00', '01029000');
  expect(await run(channel, (session) => session.getData(0x7f21))).toEqual(Uint8Array.of(1, 2));
  expect(channel.sent.at(-1)).toBe('00CA7F21000000');
});

test.each([-1, 0x1_0000, 0.5])('GET DATA has no tag %s', async (tag) => {
  await expect(run(answering(), (session) => session.getData(tag))).rejects.toBeInstanceOf(RangeError);
});
