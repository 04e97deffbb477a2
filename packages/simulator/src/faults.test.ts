import { CardRemovedError, CardResetError, fromHex, toHex } from '@jpki/iso7816';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cardMaker, SELECT_JPKI, VERIFY_AUTH } from '../test/card-at-hand.ts';

const makeCard = await cardMaker();
const WRONG_AUTH = '00200098 04 30303030';
const READ_AVAILABILITY = '00B0880000';

afterEach(() => {
  vi.useRealTimers();
});

describe('a fault', () => {
  test('removes the card, before or after the command was run', async () => {
    for (const [executed, triesLeft] of [
      [false, 3],
      [true, 2],
    ] as const) {
      const { card, send } = await makeCard({ faults: [{ at: 2, kind: 'remove', executed }] });
      await send(SELECT_JPKI);
      await expect(send(WRONG_AUTH)).rejects.toThrow(CardRemovedError);
      await expect(send(SELECT_JPKI)).rejects.toThrow(CardRemovedError);
      expect(await card.triesLeft('auth')).toBe(triesLeft);
      expect(card.verifyCount).toBe(1);
    }
  });

  test('resets the card: what was selected is lost, a PIN stays verified', async () => {
    const { send, words } = await makeCard({ faults: [{ at: 3, kind: 'reset' }] });
    expect(await words(SELECT_JPKI, VERIFY_AUTH)).toEqual(['9000', '9000']);
    await expect(send('00B08A0004')).rejects.toThrow(CardResetError);
    expect(await words('00B0000004', SELECT_JPKI, `802A029720${'11'.repeat(32)}00`)).toEqual([
      '6986',
      '9000',
      '9000',
    ]);
  });

  test('shortens an answer or replaces its status word', async () => {
    const { send } = await makeCard({
      faults: [
        { at: 2, kind: 'truncate', length: 1, executed: true },
        { at: 3, kind: 'status-word', sw: 0x6581 },
      ],
    });
    await send(SELECT_JPKI);
    expect(await send(READ_AVAILABILITY)).toBe('8F');
    expect(await send(READ_AVAILABILITY)).toBe('6581');
    expect(await send(READ_AVAILABILITY)).toBe('8F8F009000');
  });

  test('replaces the data and flips bits, counted from either end, of an answer that the card gave', async () => {
    const { send } = await makeCard({
      faults: [
        { at: 2, kind: 'data', data: fromHex('0102') },
        { at: 3, kind: 'bit-flip', bit: 0 },
        { at: 4, kind: 'bit-flip', bit: 15 },
        { at: 5, kind: 'bit-flip', bit: -1 },
      ],
    });
    await send(SELECT_JPKI);
    expect(await send(READ_AVAILABILITY)).toBe('01029000');
    expect(await send(READ_AVAILABILITY)).toBe('0F8F009000');
    expect(await send(READ_AVAILABILITY)).toBe('8F8E009000');
    expect(await send(READ_AVAILABILITY)).toBe('8F8F009001');
  });

  test('at a bit that the answer has not is a mistake of the script', async () => {
    for (const bit of [16, -17]) {
      const { send } = await makeCard({ faults: [{ at: 1, kind: 'bit-flip', bit }] });
      await expect(send(SELECT_JPKI)).rejects.toThrow(RangeError);
    }
  });

  test('may meet others in one command, in the order of the script', async () => {
    const { send } = await makeCard({
      faults: [
        { at: 2, kind: 'data', data: fromHex('AABBCC') },
        { at: 2, kind: 'bit-flip', bit: 7 },
        { at: 2, kind: 'truncate', length: 2, executed: true },
      ],
    });
    await send(SELECT_JPKI);
    expect(await send(READ_AVAILABILITY)).toBe('ABBB');
  });

  test('keeps the command from the card when one of those that meet does', async () => {
    const { card, send } = await makeCard({
      faults: [
        { at: 2, kind: 'status-word', sw: 0x6f00 },
        { at: 2, kind: 'bit-flip', bit: -1 },
      ],
    });
    await send(SELECT_JPKI);
    expect(await send(WRONG_AUTH)).toBe('6F01');
    expect(await card.triesLeft('auth')).toBe(3);
  });

  test('happens at the first, the n-th or every command of a kind', async () => {
    const { words } = await makeCard({
      faults: [
        { at: { command: '00B0' }, kind: 'status-word', sw: 0x6501 },
        { at: { command: '00B088', nth: 2 }, kind: 'status-word', sw: 0x6502 },
        { at: { command: '0084', nth: 'every' }, kind: 'status-word', sw: 0x6503 },
      ],
    });
    expect(await words('0084000008', SELECT_JPKI, '00B0860004', READ_AVAILABILITY)).toEqual([
      '6503',
      '9000',
      '6501',
      '9000',
    ]);
    expect(await words(READ_AVAILABILITY, READ_AVAILABILITY, '0084000008')).toEqual(['6502', '9000', '6503']);
  });

  test('at bytes that are none is refused when the card is opened', async () => {
    await expect(makeCard({ faults: [{ at: { command: '0x' }, kind: 'remove' }] })).rejects.toThrow(
      RangeError,
    );
  });
});

describe('a delay', () => {
  const slow = { faults: [{ at: 2, kind: 'delay', milliseconds: 5000 }] } as const;

  test('keeps the answer back, after the card has run the command', async () => {
    const { card, send } = await makeCard(slow);
    await send(SELECT_JPKI);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    let answer: string | undefined;
    const sent = card.transmit(fromHex(WRONG_AUTH)).then((bytes) => {
      answer = toHex(bytes);
    });
    await vi.advanceTimersByTimeAsync(4999);
    expect(answer).toBeUndefined();
    expect(await card.triesLeft('auth')).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    await sent;
    expect(answer).toBe('63C2');
  });

  test('ends at once when the card is taken out', async () => {
    const { card, send } = await makeCard(slow);
    await send(SELECT_JPKI);
    const sent = send(WRONG_AUTH);
    const failed = expect(sent).rejects.toThrow(CardRemovedError);
    await card[Symbol.asyncDispose]();
    await failed;
  });

  test('of a card that has lost its power meanwhile gives no answer', async () => {
    const { card, send } = await makeCard({ faults: [{ at: 2, kind: 'delay', milliseconds: 1 }] });
    await send(SELECT_JPKI);
    const failed = expect(send(READ_AVAILABILITY)).rejects.toMatchObject({ code: 'ERR_SIM_NO_POWER' });
    card.powerOff();
    await failed;
  });
});
