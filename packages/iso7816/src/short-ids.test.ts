import { describe, expect, test } from 'vitest';
import { FakeChannel } from '../test/fake-channel.ts';
import { Card } from './card.ts';
import type { CardSession } from './card-session.ts';
import { Pin } from './pin.ts';

const EF = 0x000a;
const PIN_EF = 0x0018;
const pin = () => Pin.fromBytes(Buffer.from('4821'));

/** A card that answers by the first prefix that fits, and the commands it saw. */
async function run(
  answers: Readonly<Record<string, string>>,
  work: (session: CardSession) => Promise<unknown>,
  options = {},
): Promise<string[]> {
  const channel = new FakeChannel((hex) => {
    const prefix = Object.keys(answers).find((key) => hex.startsWith(key));
    return prefix === undefined ? '6F00' : (answers[prefix] ?? '');
  });
  await new Card(channel, { shortIds: true, ...options }).exclusive(work);
  return channel.sent;
}

async function readThenVerify(session: CardSession): Promise<void> {
  await session.selectEf(EF);
  await session.readObject();
  await session.selectEf(PIN_EF);
  await session.triesLeft(PIN_EF);
  await session.verify(PIN_EF, pin());
}

describe('a short identifier', () => {
  test('is used by every command once a READ BINARY succeeded with one', async () => {
    const sent = await run({ '00B08A00': '8001FF9000', '00200098': '63C3' }, async (session) => {
      await session.selectEf(EF);
      expect(await session.readObject()).toEqual(Uint8Array.of(0x80, 1, 0xff));
      await session.selectEf(PIN_EF);
      expect(await session.triesLeft(PIN_EF)).toBe(3);
      await session.selectEf(0x0017);
      expect(await session.efReference()).toBe(0x97);
    });
    expect(sent).toEqual(['00B08A0000', '00200098']);
  });

  test('is never tried with a VERIFY or the question for the tries left', async () => {
    const sent = await run({ '00A4': '9000', '0020': '63C3' }, async (session) => {
      await session.selectEf(PIN_EF);
      await session.triesLeft(PIN_EF);
    });
    expect(sent).toEqual(['00A4020C020018', '00200080']);
  });

  test.each(['6A86', '6B00', '6981', '6F01'])('is given up for this card after %s', async (sw) => {
    const sent = await run(
      { '00B08A00': sw, '00A4': '9000', '00B0': '8001FF9000', '0020008004': '9000', '0020': '63C3' },
      readThenVerify,
    );
    expect(sent).toEqual([
      '00B08A0000',
      '00A4020C02000A',
      '00B0000000',
      '00A4020C020018',
      '00200080',
      '002000800434383231',
    ]);
  });

  test.each(['6982', '6A82'])('is neither proven nor given up by %s', async (sw) => {
    const sent = await run({ '00B08A00': sw, '00A4': '9000', '00B00000': '6982' }, async (session) => {
      await session.selectEf(EF);
      await session.readObject().catch(() => undefined);
      await session.selectEf(PIN_EF);
      await session.efReference();
    });
    expect(sent).toEqual(['00B08A0000', '00A4020C02000A', '00B0000000', '00A4020C020018']);
  });

  test('and extended length together read a certificate in one command', async () => {
    const sent = await run({ '00B08A00000000': '8001FF9000' }, readObjectOf(EF), { extendedLe: true });
    expect(sent).toEqual(['00B08A00000000']);
  });

  test('survives a card that refuses extended length', async () => {
    const answers = {
      '00B08A00000000': '6700',
      '00B00000000000': '6700',
      '00A4': '9000',
      '00B0': '8001FF9000',
    };
    const sent = await run(answers, readObjectOf(EF), { extendedLe: true });
    expect(sent).toEqual(['00B08A00000000', '00A4020C02000A', '00B00000000000', '00B0000000']);
  });

  test('does not exist for files above 001E', async () => {
    const sent = await run({ '00A4': '9000', '00B0': '8001FF9000' }, readObjectOf(0x001f));
    expect(sent).toEqual(['00A4020C02001F', '00B0000000']);
  });

  test('does not serve a command of the caller, nor READ RECORD: the EF is selected for them', async () => {
    const sent = await run({ '00A4': '9000', '00B2': '01009000', '0088': '9000' }, async (session) => {
      await session.selectEf(EF);
      await session.readRecord(1);
      await session.selectEf(0x0019);
      await session.transmit({ cla: 0, ins: 0x88, p1: 0, p2: 0x80, data: new Uint8Array(1) });
    });
    expect(sent).toEqual(['00A4020C02000A', '00B2010400', '00A4020C020019', '008800800100']);
  });
});

function readObjectOf(id: number): (session: CardSession) => Promise<unknown> {
  return async (session) => {
    await session.selectEf(id);
    return session.readObject();
  };
}
