import { describe, expect, test } from 'vitest';
import { pinOf } from '../test/pin-session.ts';
import { ResettableChannel } from '../test/resettable-channel.ts';
import { Card, type CardOptions } from './card.ts';
import type { CardSession } from './card-session.ts';
import { CardError, CardRemovedError, CardResetError } from './errors.ts';
import { fromHex } from './hex.ts';

const AP = fromHex('D392F000260100000001');
const MANAGER = fromHex('A0000001510000');
const SELECT_AP = '00A4040C0AD392F000260100000001';
const SELECT_PIN = '00A4020C020018';
const SELECT_KEY = '00A4020C020017';
const ASK = '00200080';
const VERIFY = '002000800434383231';
const SIGN = '802A008002AABB00';
const LOCK = '00A4040C07A0000001510000';

const answer = (command: string) => (command === ASK ? '63C3' : '9000');

/** What an applet does to sign: PIN and signature in one hold, and the lock whatever happens. */
async function signing(session: CardSession): Promise<void> {
  await session.selectDf(AP);
  try {
    await session.selectEf(0x0018);
    await session.triesLeft(0x0018);
    await session.verify(0x0018, pinOf('4821'));
    await session.selectEf(0x0017);
    await session.execute({ cla: 0x80, ins: 0x2a, p1: 0, p2: 0x80, data: fromHex('AABB'), le: 256 });
  } finally {
    await session.selectDf(MANAGER, { evenIfAborted: true });
  }
}

const plain = [SELECT_AP, SELECT_PIN, ASK, VERIFY, SELECT_KEY, SIGN, LOCK];
const count = (channel: ResettableChannel, command: string) =>
  channel.sent.filter((sent) => sent === command).length;

describe("somebody else's reset while a document is signed", () => {
  test('without one, each command goes out once', async () => {
    const channel = new ResettableChannel(answer);
    await new Card(channel).exclusive(signing);
    expect(channel.sent).toEqual(plain);
    expect(channel.recoveries).toBe(0);
  });

  test.each([
    [0, [SELECT_AP, ...plain.slice(1)]],
    [1, [SELECT_AP, SELECT_AP, ...plain.slice(1)]],
  ])('before command %i, of which nothing depends on a PIN, is not noticed', async (at, sent) => {
    const channel = new ResettableChannel(answer, at);
    await new Card(channel).exclusive(signing);
    expect(channel.sent).toEqual(sent);
    expect(channel.recoveries).toBe(1);
  });

  test.each([
    [2, 'ERR_CARD_RESET', 'the question for the tries'],
    [3, 'ERR_PIN_OUTCOME_UNKNOWN', 'VERIFY'],
    [4, 'ERR_CARD_RESET', 'SELECT of the key'],
    [5, 'ERR_CARD_RESET', 'the signature'],
  ])('before command %i is %s, and the card is locked (%s)', async (at, code) => {
    const channel = new ResettableChannel(answer, at);
    await expect(new Card(channel).exclusive(signing)).rejects.toMatchObject({ code });
    expect(channel.sent).toEqual([...plain.slice(0, at), LOCK]);
    expect(channel.recoveries).toBe(1);
  });

  test('before the locking command does not keep it from the card', async () => {
    const channel = new ResettableChannel(answer, 6);
    await new Card(channel).exclusive(signing);
    expect(channel.sent).toEqual(plain);
  });

  test('never sends a PIN or a signature twice, wherever one or two resets fall', async () => {
    for (let first = 0; first < 10; first++) {
      for (let second = first; second < 10; second++) {
        const channel = new ResettableChannel(answer, first, second);
        const failure = await new Card(channel).exclusive(signing).catch((error: unknown) => error);
        const outcome = failure instanceof CardError ? failure.code : failure;
        expect([undefined, 'ERR_CARD_RESET', 'ERR_PIN_OUTCOME_UNKNOWN']).toContain(outcome);
        expect(count(channel, VERIFY)).toBeLessThanOrEqual(1);
        expect(count(channel, SIGN)).toBeLessThanOrEqual(1);
        if (count(channel, SIGN) === 0) expect(failure).toBeInstanceOf(CardError);
        if (count(channel, VERIFY) === 1) expect(channel.sent.at(-1)).toBe(LOCK);
      }
    }
  });

  test('leaves the card usable for the next caller', async () => {
    const channel = new ResettableChannel(answer, 5);
    const card = new Card(channel);
    await expect(card.exclusive(signing)).rejects.toThrow(CardResetError);
    channel.sent.length = 0;
    await card.exclusive(signing);
    expect(channel.sent).toEqual(plain);
  });

  test('leaves no PIN for use: reads and signatures are refused unsent until a PIN was accepted anew', async () => {
    const channel = new ResettableChannel(answer, 4);
    await new Card(channel).exclusive(async (session) => {
      await session.selectDf(AP);
      await session.selectEf(0x0018);
      await session.triesLeft(0x0018);
      await session.verify(0x0018, pinOf('4821'));
      await expect(session.selectEf(0x0017)).rejects.toThrow(CardResetError);
      const before = channel.sent.length;
      await expect(session.selectEf(0x0018)).rejects.toThrow(CardResetError);
      await session.selectDf(AP);
      await session.selectEf(0x0018);
      await expect(session.readFile()).rejects.toThrow(CardResetError);
      await expect(session.getData(0x0045)).rejects.toThrow(CardResetError);
      const sign = { cla: 0x80, ins: 0x2a, p1: 0, p2: 0x80, data: fromHex('AABB'), le: 256 };
      await expect(session.execute(sign)).rejects.toThrow(CardResetError);
      await session.selectEf(0x0018);
      expect(await session.triesLeft(0x0018)).toBe(3);
      expect(channel.sent.slice(before)).toEqual([SELECT_AP, SELECT_PIN, SELECT_PIN, ASK]);
      await session.verify(0x0018, pinOf('4821'));
      await session.execute(sign);
      expect(channel.sent.slice(-2)).toEqual([VERIFY, SIGN]);
    });
  });
});

test('a locking command that always meets a reset is given up, typed', async () => {
  const channel = new ResettableChannel(answer, 0, 1, 2, 3, 4);
  const locking = new Card(channel).exclusive((session) =>
    session.selectDf(MANAGER, { evenIfAborted: true }),
  );
  await expect(locking).rejects.toThrow(CardResetError);
  expect(channel.sent).toEqual([]);
  expect(channel.recoveries).toBe(4);
});

describe("somebody else's reset while files are read", () => {
  const SELECT_FILE = '00A4020C020001';
  const file = fromHex('30820110').length + 0x110;
  const card = (command: string) => {
    if (!command.startsWith('00B0')) return '9000';
    const body = Uint8Array.from(
      { length: file },
      (_, index) => [0x30, 0x82, 0x01, 0x10][index] ?? index & 0xff,
    );
    const offset = Number.parseInt(command.slice(4, 8), 16) & (command[4] === '8' ? 0 : 0x7fff);
    const le = Number.parseInt(command.slice(8, 10), 16) || 256;
    return `${Buffer.from(body.subarray(offset, offset + le)).toString('hex')}9000`;
  };
  const reading = async (session: CardSession) => {
    await session.selectDf(AP);
    await session.selectEf(1);
    return session.readObject();
  };
  const run = async (channel: ResettableChannel, options: CardOptions = {}) =>
    new Card(channel, options).exclusive(reading);

  test('selects application and file again, and goes on where it was', async () => {
    const channel = new ResettableChannel(card, 3);
    expect((await run(channel)).length).toBe(file);
    const pieces = ['00B0000000', '00B0010014'];
    expect(channel.sent).toEqual([SELECT_AP, SELECT_FILE, pieces[0], SELECT_AP, SELECT_FILE, pieces[1]]);
  });

  test.each([0, 1, 2, 3])('is not noticed at any command, nor with short identifiers (%i)', async (at) => {
    const expected = await run(new ResettableChannel(card));
    expect(await run(new ResettableChannel(card, at))).toEqual(expected);
    expect(await run(new ResettableChannel(card, at), { shortIds: true })).toEqual(expected);
  });

  test('a second one in the middle of it is the end, with the channel brought back', async () => {
    const channel = new ResettableChannel(card, 3, 4);
    await expect(run(channel)).rejects.toThrow(CardResetError);
    expect(channel.recoveries).toBe(2);
    expect(channel.sent.slice(3)).toEqual([]);
  });

  test('an application that cannot be selected again is the error of the reset', async () => {
    let selects = 0;
    const channel = new ResettableChannel(
      (command) => (command === SELECT_AP && selects++ > 0 ? '6A82' : card(command)),
      2,
    );
    await expect(run(channel)).rejects.toThrow(CardResetError);
    expect(channel.sent.at(-1)).toBe(SELECT_AP);
  });

  test('a channel that cannot be brought back says why', async () => {
    const channel = new ResettableChannel(card, 2);
    channel.failedRecoveries.push(new CardRemovedError());
    await expect(run(channel)).rejects.toThrow(CardRemovedError);
  });

  test('an abort that came meanwhile is heard before anything is sent again', async () => {
    const channel = new ResettableChannel(card, 2);
    const controller = new AbortController();
    const reason = new Error('enough');
    const recover = channel.recover.bind(channel);
    channel.recover = async () => {
      controller.abort(reason);
      await recover();
    };
    await expect(new Card(channel).exclusive(reading, { signal: controller.signal })).rejects.toBe(reason);
    expect(channel.sent).toEqual([SELECT_AP, SELECT_FILE]);
  });

  test.each([
    [
      'a command of the caller',
      (session: CardSession) => session.transmit({ cla: 0, ins: 0x22, p1: 0, p2: 0 }),
    ],
    ['nothing selected', async () => undefined],
  ])('is reported where the session cannot know what to put back: %s', async (_, before) => {
    const channel = new ResettableChannel(card, 1, 0);
    await new Card(channel).exclusive(async (session) => {
      await before(session).catch(() => undefined);
      const sent = channel.sent.length;
      await expect(session.getData(0x0045)).rejects.toThrow(CardResetError);
      expect(channel.sent.length).toBe(sent);
    });
  });
});
