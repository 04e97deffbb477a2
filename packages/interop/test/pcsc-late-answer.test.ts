import { CardResetError } from '@jpki/iso7816';
import { openPcsc, socketBinding } from '@jpki/pcsc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PrivatePcscd, pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { eventually, ScriptedCard } from '../src/scripted-card.ts';

const VERIFY = Uint8Array.of(0x00, 0x20, 0x00, 0x80, 4, 0x31, 0x32, 0x33, 0x34);
const SELECT = Uint8Array.of(0x00, 0xa4, 0x00, 0x00);
const OK = Uint8Array.of(0x90, 0x00);

describe('a shared card that answers a VERIFY after it was given up', pcscdRequirement(), () => {
  let pcscd: PrivatePcscd;
  let card: ScriptedCard;
  let answer: () => void;
  /** What the driver did with the power when a SELECT came. */
  let powerBefore: string[];
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });

  beforeAll(async () => {
    pcscd = await startPrivatePcscd();
    card = new ScriptedCard(pcscd.slots[0]?.port ?? 0, async ([, ins]) => {
      if (ins === VERIFY[1]) await answered;
      else powerBefore = [...card.power];
      return OK;
    });
    await card.insert();
  });
  afterAll(async () => {
    answer();
    await card[Symbol.asyncDispose]();
    await pcscd[Symbol.asyncDispose]();
  });

  test('loses its power before the next program gets it', async () => {
    const binding = socketBinding({ path: pcscd.environment.PCSCLITE_CSOCK_NAME });
    const readerName = pcscd.slots[0]?.readerName ?? '';
    await using pcsc = await openPcsc({ binding });
    await eventually(async () => (await pcsc.readers()).some(({ cardPresent }) => cardPresent));
    await using channel = await pcsc.connect(readerName, { share: 'shared', transmitTimeout: 1_000 });
    await using next = await openPcsc({ binding });
    await using neighbour = await next.connect(readerName, { share: 'shared', disposition: 'leave' });
    const given = channel.transaction(() => channel.transmit(VERIFY));
    await expect(given).rejects.toMatchObject({ code: 'ERR_PCSC_TIMEOUT' });
    await channel[Symbol.asyncDispose]();
    const ends = card.power.length;
    const selected = neighbour.transaction(async () => {
      try {
        return await neighbour.transmit(SELECT);
      } catch (error) {
        if (!(error instanceof CardResetError)) throw error;
        await neighbour.recover();
        return await neighbour.transmit(SELECT);
      }
    });
    answer();
    expect(await selected).toEqual(OK);
    expect(powerBefore.slice(ends)).toContain('off');
    // Not once more, while the neighbour was at it, and nothing was sent again.
    expect(card.power).toEqual(powerBefore);
    expect(card.commands.filter(([, ins]) => ins === VERIFY[1])).toHaveLength(1);
  });
});
