import type { BindingCard } from '@jpki/pcsc';
import { describe, expect, test } from 'vitest';
import { answerOf, expectedAnswer, REMOVES, SLOW, SLOW_MILLISECONDS } from './contract-card.ts';
import { type ContractScene, codes, scardCodeOf } from './subject.ts';

/** What a command owes. */
export function describeTransmitting(scene: () => ContractScene): void {
  const connected = async (work: (card: BindingCard) => Promise<void>): Promise<void> => {
    const card = await scene().binding.connect(scene().first, 'exclusive');
    try {
      await work(card);
    } finally {
      // The service may refuse this for a card that is gone.
      await card.disconnect('leave').catch(() => undefined);
    }
  };

  describe('a command', () => {
    test.each([2, 3, 257, 258, 259, 264, 265, 4_000, 'longest'] as const)(
      'gets an answer of %s bytes whole',
      async (size) => {
        const length = size === 'longest' ? scene().world.longest : size;
        await connected(async (card) => {
          const answer = await card.transmit(answerOf(length));
          expect(answer.length).toBe(length);
          expect(Buffer.compare(answer, expectedAnswer(length))).toBe(0);
        });
      },
    );

    test.each([4, 5, 260, 261, 262, 2_007, 'longest'] as const)('of %s bytes arrives whole', async (size) => {
      const length = size === 'longest' ? scene().world.longest : size;
      const command = new Uint8Array(length).map((_, index) => index & 0x7f);
      command.set([0, 0xd6, 0, 0]);
      await connected(async (card) => {
        expect(await card.transmit(command)).toEqual(Uint8Array.of(0x90, 0));
      });
      expect(Buffer.compare(scene().card.commands.at(-1) ?? new Uint8Array(), command)).toBe(0);
    });

    test('is a part of a larger array where it was cut from one, and its answer is a plain array', async () => {
      const memory = Uint8Array.of(1, 2, ...answerOf(3), 4, 5);
      await connected(async (card) => {
        const answer = await card.transmit(memory.subarray(2, -2));
        expect(answer).toEqual(expectedAnswer(3));
        expect(Object.getPrototypeOf(answer)).toBe(Uint8Array.prototype);
      });
    });

    test('that takes its time leaves the event loop free', async () => {
      let turns = 0;
      const timer = setInterval(() => {
        turns++;
      }, 10);
      await connected(async (card) => {
        await card.transmit(SLOW);
      });
      clearInterval(timer);
      expect(turns).toBeGreaterThan(SLOW_MILLISECONDS / 10 / 4);
    });
  });

  describe('a card that is taken away', () => {
    test('during a command gives no status word, no answer after it, and way to the next', async () => {
      const { card, first, watched } = scene();
      await connected(async (connection) => {
        const answer = await connection.transmit(REMOVES).catch(() => new Uint8Array());
        expect(answer.length).toBeLessThan(2);
        await watched.untilCard(first, false);
        expect(await scardCodeOf(connection.transmit(answerOf(3)))).toBe(codes.REMOVED_CARD);
      });
      await card.insert();
      await watched.untilCard(first, true);
      await connected(async (connection) => {
        expect(await connection.transmit(answerOf(3))).toEqual(expectedAnswer(3));
      });
    });

    test('between commands and put back is not the old connection any more', async () => {
      const { card, first, watched } = scene();
      await connected(async (connection) => {
        card.remove();
        await watched.untilCard(first, false);
        await card.insert();
        await watched.untilCard(first, true);
        const before = card.commands.length;
        expect(await scardCodeOf(connection.transmit(answerOf(3)))).toBe(codes.REMOVED_CARD);
        expect(card.commands).toHaveLength(before);
      });
      await connected(async (connection) => {
        expect(await connection.transmit(answerOf(3))).toEqual(expectedAnswer(3));
      });
    });
  });
}
