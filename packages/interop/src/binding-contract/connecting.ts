import type { BindingCard, Disposition } from '@jpki/pcsc';
import { describe, expect, test } from 'vitest';
import { ASK, answerOf, expectedAnswer, NOT_VERIFIED, VERIFIED, VERIFY } from './contract-card.ts';
import { type ContractScene, codes, scardCodeOf } from './subject.ts';

/** What a connection owes. */
export function describeConnecting(scene: () => ContractScene): void {
  const connected = async <T>(
    disposition: Disposition,
    work: (card: BindingCard) => Promise<T>,
  ): Promise<T> => {
    const card = await scene().binding.connect(scene().first, 'exclusive');
    try {
      return await work(card);
    } finally {
      await card.disconnect(disposition);
    }
  };

  describe('a connection', () => {
    test('tells its protocol', async () => {
      await connected('leave', async ({ protocol }) => expect(protocol).toBe('T=1'));
    });

    test('with a protocol that the card does not talk is refused', async () => {
      const { binding, first } = scene();
      expect(await scardCodeOf(binding.connect(first, 'shared', 'T=0'))).toBe(codes.PROTO_MISMATCH);
      const card = await binding.connect(first, 'shared', 'T=1');
      expect(card.protocol).toBe('T=1');
      await card.disconnect('leave');
    });

    test('is refused without a card, and without a reader, by the code of each', async () => {
      const { binding, second } = scene();
      expect(await scardCodeOf(binding.connect(second, 'exclusive'))).toBe(codes.NO_SMARTCARD);
      expect(await scardCodeOf(binding.connect(second, 'shared'))).toBe(codes.NO_SMARTCARD);
      const nowhere = binding.connect('No Such Reader 00 00', 'exclusive');
      expect(await scardCodeOf(nowhere)).toBe(codes.UNKNOWN_READER);
    });

    test('in exclusive use keeps everybody else out, and its end lets them in', async () => {
      const { binding, first } = scene();
      await connected('leave', async () => {
        expect(await scardCodeOf(binding.connect(first, 'exclusive'))).toBe(codes.SHARING_VIOLATION);
        expect(await scardCodeOf(binding.connect(first, 'shared'))).toBe(codes.SHARING_VIOLATION);
      });
      await connected('leave', async (card) => {
        expect(await card.transmit(answerOf(3))).toEqual(expectedAnswer(3));
      });
    });

    test('in shared use lets others share, and nobody have it alone', async () => {
      const { binding, first } = scene();
      const one = await binding.connect(first, 'shared');
      const other = await binding.connect(first, 'shared');
      expect(await scardCodeOf(binding.connect(first, 'exclusive'))).toBe(codes.SHARING_VIOLATION);
      expect(await one.transmit(answerOf(3))).toEqual(expectedAnswer(3));
      expect(await other.transmit(answerOf(4))).toEqual(expectedAnswer(4));
      await one.disconnect('leave');
      expect(await other.transmit(answerOf(5))).toEqual(expectedAnswer(5));
      await other.disconnect('leave');
    });

    test('to a reader itself needs no card and has no protocol', async () => {
      const { binding, second } = scene();
      const reader = await binding.connect(second, 'direct');
      expect(reader.protocol).toBeUndefined();
      await reader.disconnect('leave');
    });

    test('to a reader itself is refused beside an exclusive one, and has the protocol of a shared one', async () => {
      const { binding, first } = scene();
      await connected('leave', async () => {
        expect(await scardCodeOf(binding.connect(first, 'direct'))).toBe(codes.SHARING_VIOLATION);
      });
      const shared = await binding.connect(first, 'shared');
      const direct = await binding.connect(first, 'direct');
      expect(direct.protocol).toBe('T=1');
      await direct.disconnect('leave');
      await shared.disconnect('leave');
    });

    test.each([
      ['leave', VERIFIED],
      ['reset', NOT_VERIFIED],
      ['unpower', NOT_VERIFIED],
    ] as const)('that ends with %s has done that to the card', async (disposition, expected) => {
      await connected(disposition, async (card) => {
        expect(await card.transmit(VERIFY)).toEqual(VERIFIED);
      });
      expect(await connected('unpower', (card) => card.transmit(ASK))).toEqual(expected);
    });

    test('can be made and ended twenty times', async () => {
      for (let round = 0; round < 20; round++) {
        expect(await connected('leave', (card) => card.transmit(answerOf(2)))).toEqual(expectedAnswer(2));
      }
    });

    test('that another one resets knows it, and a new one works', async () => {
      const { binding, first } = scene();
      const one = await binding.connect(first, 'shared');
      const other = await binding.connect(first, 'shared');
      await other.disconnect('reset');
      expect(await scardCodeOf(one.transmit(answerOf(3)))).toBe(codes.RESET_CARD);
      await one.disconnect('leave');
      expect(await connected('leave', (card) => card.transmit(answerOf(3)))).toEqual(expectedAnswer(3));
    });
  });
}
