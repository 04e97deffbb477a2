import type { BindingCard } from '@jpki/pcsc';
import { describe, expect, test } from 'vitest';
import { ASK, answerOf, expectedAnswer, NOT_VERIFIED, VERIFIED, VERIFY } from './contract-card.ts';
import { type ContractScene, codes, scardCodeOf } from './subject.ts';

const ATR_STRING = 0x00090303;

/** An attribute that nobody has: the largest tag there is. */
const NO_ATTRIBUTE = 0x7fff_ffff;

/** CM_IOCTL_GET_FEATURE_REQUEST as pcsc-lite's SCARD_CTL_CODE(3400) makes it (PC/SC part 10). */
const GET_FEATURES = 0x42000000 + 3400;

/** Bits of a card's state (pcsc-lite, pcsclite.h, SCARD_PRESENT and SCARD_POWERED). */
const PRESENT = 0x04;
const POWERED = 0x10;

/** Longer than a service takes to refuse; nothing here waits for its whole length. */
const A_MOMENT = 300;

/** What a binding says it can do, it does; what it denies is not there. */
export function describeCapabilities(scene: () => ContractScene): void {
  const shared = () => scene().binding.connect(scene().first, 'shared');
  const withTwo = async (work: (one: BindingCard, other: BindingCard) => Promise<void>) => {
    const one = await shared();
    const other = await shared();
    try {
      await work(one, other);
    } finally {
      await one.disconnect('leave').catch(() => undefined);
      await other.disconnect('leave').catch(() => undefined);
    }
  };

  describe('the capabilities', () => {
    test.each([
      ['transactions', ['begin', 'end']],
      ['reconnect', ['reconnect']],
      ['control', ['control']],
      ['attributes', ['attribute']],
      ['status', ['status']],
    ] as const)('say whether a card has %s', async (capability, methods) => {
      const card = await shared();
      const has = methods.map((method) => typeof card[method] === 'function');
      await card.disconnect('leave');
      expect(has).toEqual(methods.map(() => scene().binding.capabilities[capability] ?? false));
    });

    test('transactions: while one lasts, another waits and its commands do not reach the card', async () => {
      if (!scene().binding.capabilities.transactions) return;
      await withTwo(async (one, other) => {
        await one.begin?.();
        let entered = false;
        const waiting = other.begin?.().then(() => {
          entered = true;
        });
        await new Promise((resolve) => setTimeout(resolve, A_MOMENT));
        expect(entered).toBe(false);
        expect(await one.transmit(answerOf(3))).toEqual(expectedAnswer(3));
        await one.end?.('leave');
        await waiting;
        expect(await other.transmit(answerOf(4))).toEqual(expectedAnswer(4));
        await other.end?.('leave');
      });
    });

    test('transactions: a command of somebody else fails or waits, and then arrives once', async () => {
      if (!scene().binding.capabilities.transactions) return;
      const { card } = scene();
      await withTwo(async (one, other) => {
        await one.begin?.();
        const before = card.commands.length;
        // libpcsclite asks pcscd again and again; a client of its own hears the refusal.
        const foreign = other.transmit(answerOf(3)).catch((error: unknown) => error);
        await new Promise((resolve) => setTimeout(resolve, A_MOMENT));
        expect(card.commands).toHaveLength(before);
        await one.end?.('leave');
        const outcome = await foreign;
        if (outcome instanceof Error) {
          expect(outcome).toMatchObject({ scardCode: codes.SHARING_VIOLATION });
          expect(card.commands).toHaveLength(before);
        } else {
          expect(outcome).toEqual(expectedAnswer(3));
          expect(card.commands).toHaveLength(before + 1);
        }
      });
    });

    test('transactions: the end can reset the card, for everybody else', async () => {
      if (!scene().binding.capabilities.transactions) return;
      await withTwo(async (one, other) => {
        await one.begin?.();
        await one.transmit(VERIFY);
        await one.end?.('reset');
        expect(await scardCodeOf(other.transmit(ASK))).toBe(codes.RESET_CARD);
      });
    });

    test('reconnect: makes a connection good again after a reset, without the PIN', async () => {
      if (!scene().binding.capabilities.reconnect) return;
      await withTwo(async (one, other) => {
        await one.transmit(VERIFY);
        await other.disconnect('reset');
        expect(await scardCodeOf(one.transmit(ASK))).toBe(codes.RESET_CARD);
        await one.reconnect?.('shared', 'leave');
        expect(await one.transmit(ASK)).toEqual(NOT_VERIFIED);
        expect(one.protocol).toBe('T=1');
      });
    });

    test.each([
      ['leave', VERIFIED],
      ['reset', NOT_VERIFIED],
      ['unpower', NOT_VERIFIED],
    ] as const)('reconnect: %s does that to the card', async (disposition, expected) => {
      if (!scene().binding.capabilities.reconnect) return;
      const card = await shared();
      await card.transmit(VERIFY);
      await card.reconnect?.('shared', disposition);
      expect(await card.transmit(ASK)).toEqual(expected);
      await card.disconnect('leave');
    });

    test('control: what the reader does not know is refused with a code', async () => {
      if (!scene().binding.capabilities.control) return;
      const card = await shared();
      const code = await scardCodeOf(Promise.resolve(card.control?.(GET_FEATURES, new Uint8Array())));
      await card.disconnect('leave');
      expect(code).toBe(codes.UNSUPPORTED_FEATURE);
    });

    test('attributes: the answer to reset, and a code for one that nobody has', async () => {
      if (!scene().binding.capabilities.attributes) return;
      const card = await shared();
      const atr = Promise.resolve(card.attribute?.(ATR_STRING));
      if (scene().world.atrAttribute) expect(await atr).toEqual(scene().card.atr);
      else expect(await scardCodeOf(atr)).toBe(codes.UNSUPPORTED_FEATURE);
      const code = await scardCodeOf(Promise.resolve(card.attribute?.(NO_ATTRIBUTE)));
      await card.disconnect('leave');
      expect(code).toBeGreaterThan(0x80100000);
    });

    test('status: the reader, a powered card, its protocol and its answer to reset', async () => {
      if (!scene().binding.capabilities.status) return;
      const card = await shared();
      const status = await card.status?.();
      await card.disconnect('leave');
      expect(status).toMatchObject({ readerName: scene().first, protocol: 'T=1', atr: scene().card.atr });
      expect((status?.state ?? 0) & (PRESENT | POWERED)).toBe(PRESENT | POWERED);
    });

    test('status: no card before a reader that has none', async () => {
      if (!scene().binding.capabilities.status) return;
      const reader = await scene().binding.connect(scene().second, 'direct');
      const status = await reader.status?.();
      await reader.disconnect('leave');
      expect(status).toMatchObject({
        readerName: scene().second,
        protocol: undefined,
        atr: new Uint8Array(),
      });
      expect((status?.state ?? 0) & PRESENT).toBe(0);
    });

    test('status: fails as a command would, after a reset and after a removal', async () => {
      if (!scene().binding.capabilities.status) return;
      const { card, first, watched } = scene();
      await withTwo(async (one, other) => {
        await other.disconnect('reset');
        expect(await scardCodeOf(Promise.resolve(one.status?.()))).toBe(codes.RESET_CARD);
      });
      const left = await shared();
      card.remove();
      await watched.untilCard(first, false);
      expect(await scardCodeOf(Promise.resolve(left.status?.()))).toBe(codes.REMOVED_CARD);
      await left.disconnect('leave').catch(() => undefined);
      await card.insert();
      await watched.untilCard(first, true);
    });
  });
}
