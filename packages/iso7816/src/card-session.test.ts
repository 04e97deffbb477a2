import { describe, expect, test } from 'vitest';
import { answering, FakeChannel } from '../test/fake-channel.ts';
import { PIN_EF, pinOf, run, SELECT_PIN_EF, VERIFY } from '../test/pin-session.ts';
import { MalformedResponseError, StatusWordError } from './errors.ts';
import { fromHex } from './hex.ts';

describe('selecting', () => {
  test('a DF is selected by name, an EF by identifier, both without response data', async () => {
    const channel = answering('9000', '9000');
    await run(channel, async (session) => {
      await session.selectDf(fromHex('D392F000260100000001'));
      await session.selectEf(0x001b);
    });
    expect(channel.sent).toEqual(['00A4040C0AD392F000260100000001', '00A4020C02001B']);
  });

  test('what is not there is a status word error with the header of the command', async () => {
    const error = { code: 'ERR_CARD_STATUS_WORD', sw: 0x6a82 };
    await expect(run(answering('6A82'), (s) => s.selectDf(fromHex('A0')))).rejects.toMatchObject({
      ...error,
      command: { cla: 0, ins: 0xa4, p1: 0x04, p2: 0x0c },
    });
    await expect(run(answering('6A82'), (s) => s.selectEf(1))).rejects.toMatchObject(error);
  });

  test.each([-1, 0x10000, 0x10018, 1.5, Number.NaN])('%d is no file identifier', async (id) => {
    const channel = answering('9000');
    await expect(run(channel, (session) => session.selectEf(id))).rejects.toThrow(RangeError);
    expect(channel.sent).toEqual([]);
  });
});

describe('sending any command', () => {
  test('transmit resolves with every status word, execute only with 9000', async () => {
    const command = { cla: 0x80, ins: 0x2a, p1: 0, p2: 0x80, data: fromHex('AA'), le: 256 };
    const answers = ['BB9000', 'BB6A80', 'CC9000', '6A80'];
    await run(answering(...answers), async (session) => {
      expect(await session.transmit(command)).toEqual({ data: fromHex('BB'), sw: 0x9000 });
      expect(await session.transmit(command)).toEqual({ data: fromHex('BB'), sw: 0x6a80 });
      expect(await session.execute(command)).toEqual(fromHex('CC'));
      await expect(session.execute(command)).rejects.toThrow(StatusWordError);
    });
  });

  test('an answer of fewer than two bytes is malformed', async () => {
    for (const answer of ['', '90'])
      await expect(run(answering(answer), (s) => s.selectEf(1))).rejects.toThrow(MalformedResponseError);
  });

  test.each([0x20, 0x21, 0x24, 0x25, 0x26, 0x28, 0x2c, 0x2d])(
    'INS %d with data is refused: PINs go through verify',
    async (ins) => {
      const channel = answering('9000');
      const command = { cla: 0, ins, p1: 0, p2: 0x80, data: fromHex('31323334') };
      await expect(run(channel, (session) => session.transmit(command))).rejects.toThrow(TypeError);
      await expect(run(channel, (session) => session.execute(command))).rejects.toThrow(TypeError);
      expect(channel.sent).toEqual([]);
    },
  );

  test('asking for the tries left carries no PIN and may be sent', async () => {
    const channel = answering('63C3');
    const { sw } = await run(channel, (session) => session.transmit({ cla: 0, ins: 0x20, p1: 0, p2: 0x98 }));
    expect([sw, channel.sent]).toEqual([0x63c3, ['00200098']]);
  });

  test('a second command beside one under way is refused, and nothing is mixed up', async () => {
    let answerFirst = () => {};
    const held = new Promise<void>((resolve) => {
      answerFirst = resolve;
    });
    const channel = new FakeChannel(async () => {
      await held;
      return '9000';
    });
    await run(channel, async (session) => {
      const first = session.selectEf(PIN_EF);
      await expect(session.selectEf(0x001b)).rejects.toThrow(TypeError);
      await expect(session.transmit({ cla: 0, ins: 0xa4, p1: 0, p2: 0 })).rejects.toThrow(TypeError);
      await expect(session.readFile()).rejects.toThrow(TypeError);
      answerFirst();
      await first;
      await session.verify(PIN_EF, pinOf('4821'));
    });
    expect(channel.sent).toEqual([SELECT_PIN_EF, VERIFY]);
  });
});

test('the locking command waits for one that nobody awaited, and nothing gets in before it', async () => {
  const LOCK = '00A4040C07A0000001510000';
  let answerFirst = () => {};
  const held = new Promise<void>((resolve) => {
    answerFirst = resolve;
  });
  const channel = new FakeChannel(async (command) => {
    if (command !== LOCK) await held;
    return '9000';
  });
  await run(channel, async (session) => {
    const first = session.selectEf(PIN_EF);
    const locking = session.selectDf(fromHex('A0000001510000'), { evenIfAborted: true });
    answerFirst();
    await first;
    await expect(session.triesLeft(PIN_EF)).rejects.toThrow(TypeError);
    await locking;
  });
  expect(channel.sent).toEqual([SELECT_PIN_EF, LOCK]);
});

describe('tries left', () => {
  test('are asked for with a VERIFY without data', async () => {
    const channel = answering('9000', '63C3');
    const tries = await run(channel, async (session) => {
      await session.selectEf(PIN_EF);
      return session.triesLeft(PIN_EF);
    });
    expect(tries).toBe(3);
    expect(channel.sent).toEqual([SELECT_PIN_EF, '00200080']);
  });

  test('are a number for 63C0 to 63CF, "verified" for 9000, and an error for every other word', async () => {
    let sw = 0;
    const channel = new FakeChannel((hex) => (hex === '00200080' ? hexOf(sw) : '9000'));
    const outcomes = new Map<number, unknown>();
    await run(channel, async (session) => {
      await session.selectEf(PIN_EF);
      for (sw = 0; sw <= 0xffff; sw++) {
        const outcome = await session.triesLeft(PIN_EF).catch((error: unknown) => error);
        if (!(outcome instanceof StatusWordError && outcome.sw === sw)) outcomes.set(sw, outcome);
      }
    });
    const counters = Array.from({ length: 16 }, (_, tries): [number, unknown] => [0x63c0 + tries, tries]);
    expect([...outcomes]).toEqual([...counters, [0x9000, 'verified']]);
    // One question each: 61xx and 6Cxx led to no second command.
    expect(channel.sent.length).toBe(1 + 65_536);
  });

  test('are not asked of another EF than the selected one', async () => {
    const channel = answering('9000');
    const asking = run(channel, async (session) => {
      await session.selectEf(0x001b);
      await session.triesLeft(PIN_EF);
    });
    await expect(asking).rejects.toThrow(TypeError);
    expect(channel.sent.length).toBe(1);
  });
});

const hexOf = (sw: number) => sw.toString(16).padStart(4, '0');
