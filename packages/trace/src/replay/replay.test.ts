import { inspect } from 'node:util';
import { fromHex, toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { parseTrace } from '../text/parse.ts';
import { type ReplayChannel, replay } from './replay.ts';

const play = (lines: string, mode: 'strict' | 'scan' = 'strict'): ReplayChannel =>
  replay(parseTrace(`#! apdu-trace 1\n# atr: 3B00\n${lines}`), { mode });
const send = async (channel: ReplayChannel, command: string): Promise<string> =>
  toHex(await channel.transmit(fromHex(command)));

const TWO = '> 00A40000\n< 9000\n> 0020009804{pin:4}\n< 63C2\n';

describe('a strict replay', () => {
  test('answers the recorded commands in their order, and has the recorded ATR', async () => {
    const channel = play(TWO);
    expect(toHex(channel.atr)).toBe('3B00');
    expect(await send(channel, '00A40000')).toBe('9000');
    expect(await send(channel, '002000980439393939')).toBe('63C2');
    channel.assertFinished();
  });

  test('names the line of a mismatch, and fails from then on', async () => {
    const channel = play(TWO);
    await send(channel, '00A40000');
    await expect(send(channel, '00B0000000')).rejects.toMatchObject({
      code: 'ERR_TRACE_MISMATCH',
      line: 5,
      expected: '0020009804{pin:4}',
      received: '00B0000000',
    });
    await expect(send(channel, '002000980439393939')).rejects.toMatchObject({ line: 5 });
    expect(() => channel.assertFinished()).toThrow(expect.objectContaining({ line: 5 }));
  });

  test('takes no other number of bytes for a placeholder', async () => {
    await expect(send(play('> 0020009804{pin:4}\n< 9000\n'), '00200098053939393939')).rejects.toMatchObject({
      code: 'ERR_TRACE_MISMATCH',
    });
  });

  test('says what is left over', async () => {
    const channel = play(TWO);
    await send(channel, '00A40000');
    expect(() => channel.assertFinished()).toThrow(
      expect.objectContaining({ code: 'ERR_TRACE_LEFT_OVER', line: 5, commands: 1 }),
    );
  });

  test('says that the trace has ended, also where an answer was not recorded', async () => {
    const channel = play('> 00A40000\n< 9000\n> 00B0000000\n');
    await send(channel, '00A40000');
    await expect(send(channel, '00B0000000')).rejects.toMatchObject({ code: 'ERR_TRACE_ENDED' });
    const ended = play('> 00A40000\n< 9000\n');
    await send(ended, '00A40000');
    await expect(send(ended, '00B0000000')).rejects.toMatchObject({ code: 'ERR_TRACE_ENDED', line: 4 });
  });

  test('cannot give an answer that was redacted, and says what helps', async () => {
    await expect(
      send(play('> 00B0000000\n< {certificate:256:9F3A61C2D4E5B607}9000\n'), '00B0000000'),
    ).rejects.toMatchObject({
      code: 'ERR_TRACE_REDACTED',
      line: 4,
      message: expect.stringContaining('--synthesize'),
    });
  });

  test('never shows what a placeholder stands for, nor the data of a VERIFY', async () => {
    const digits = '37313336';
    for (const recorded of [
      '0020009804{pin:4}',
      `002000980435313336`,
      '00DB3FFF04{personal:4}',
      '00A40000',
    ]) {
      for (const sent of [`0020009804${digits}`, `00DB3FFF04${digits}`, `00240198 04${digits}`]) {
        const channel = play(`> ${recorded}\n< 9000\n> 00A40000\n< 9000\n`);
        const error: unknown = await channel
          .transmit(fromHex(sent))
          .then(() => channel.transmit(fromHex(sent)))
          .catch((caught: unknown) => caught);
        const shown = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
        expect(shown).toContain('ERR_TRACE_MISMATCH');
        expect(shown).not.toContain(digits);
        expect(shown).not.toContain('35313336');
        expect(shown).not.toContain('7136');
      }
    }
  });

  test('is closed for good once it was closed', async () => {
    const channel = play(TWO);
    await channel[Symbol.asyncDispose]();
    await channel[Symbol.asyncDispose]();
    await expect(send(channel, '00A40000')).rejects.toMatchObject({ code: 'ERR_TRACE_CLOSED' });
  });
});

describe('an event of a trace', () => {
  test.each([
    ['removed', 'ERR_CARD_REMOVED'],
    ['reset', 'ERR_CARD_RESET'],
    ['failed ERR_PCSC_TIMEOUT', 'ERR_PCSC_TIMEOUT'],
    ['failed', 'ERR_TRACE_LINK_FAILED'],
  ])('%s is the error that it was, and stays until the card is back', async (event, code) => {
    const channel = play(`> 00A40000\n! ${event}\n`);
    await expect(send(channel, '00A40000')).rejects.toMatchObject({ code });
    await expect(send(channel, '00A4040C07A0000001510000')).rejects.toMatchObject({ code });
    channel.assertFinished();
  });

  test('between two commands meets the next call', async () => {
    const lines = '! reset\n! connected\n> 00A40000\n< 9000\n';
    await expect(play(lines).transaction(() => Promise.resolve())).rejects.toMatchObject({
      code: 'ERR_CARD_RESET',
    });
    const channel = play(lines);
    await expect(send(channel, '00A40000')).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await channel.recover();
    expect(await channel.transaction(() => send(channel, '00A40000'))).toBe('9000');
    channel.assertFinished();
  });

  test('lets a reset card be recovered, and no removed one', async () => {
    const reset = play('> 00A40000\n! reset\n> 00A40000\n< 9000\n');
    await expect(send(reset, '00A40000')).rejects.toMatchObject({ code: 'ERR_CARD_RESET' });
    await reset.recover();
    expect(await send(reset, '00A40000')).toBe('9000');
    const removed = play('> 00A40000\n! removed\n');
    await expect(send(removed, '00A40000')).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    await expect(removed.recover()).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
  });
});

describe('a scanning replay', () => {
  const three = '> 00A40000\n< 9000\n> 00B0000000\n< 01029000\n> 00CA006600\n< 039000\n';

  test('passes over what was not asked, says so, and never goes back', async () => {
    const channel = play(three, 'scan');
    expect(await send(channel, '00B0000000')).toBe('01029000');
    expect(channel.skipped).toEqual([3]);
    await expect(send(channel, '00A40000')).rejects.toMatchObject({ code: 'ERR_TRACE_MISMATCH', line: 7 });
  });

  test('leaves nothing over', async () => {
    const channel = play(three, 'scan');
    await send(channel, '00A40000');
    channel.assertFinished();
  });
});

describe('the circumstances of a replay', () => {
  test('are those of the trace, in its order; the last time stands for later questions', () => {
    const { circumstances } = play(
      '* now 2026-01-01T00:00:00.000Z\n* nonce A1B2\n* now 2026-01-02T00:00:00.000Z\n* nonce C3\n',
    );
    expect([1, 2, 3].map(() => circumstances.now().toISOString())).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-02T00:00:00.000Z',
      '2026-01-02T00:00:00.000Z',
    ]);
    expect(toHex(circumstances.nonce(2))).toBe('A1B2');
    expect(toHex(circumstances.nonce(1))).toBe('C3');
  });

  test('are the real ones where the trace has none', () => {
    const { circumstances } = play(TWO);
    expect(circumstances.nonce(16)).toHaveLength(16);
    expect(toHex(circumstances.nonce(16))).not.toBe(toHex(circumstances.nonce(16)));
    expect(Math.abs(circumstances.now().getTime() - Date.now())).toBeLessThan(60_000);
  });

  test('refuse a nonce of another length', () => {
    expect(() => play('* nonce A1B2\n').circumstances.nonce(16)).toThrow(
      expect.objectContaining({ code: 'ERR_TRACE_MISMATCH', line: 3 }),
    );
  });
});
