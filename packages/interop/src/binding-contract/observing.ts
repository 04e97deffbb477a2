import { describe, expect, test } from 'vitest';
import { eventually } from '../scripted-card.ts';
import { type ContractScene, Watched } from './subject.ts';

/** What an observation owes. */
export function describeObserving(scene: () => ContractScene): void {
  describe('an observation', () => {
    test('tells every reader at once, with its card, and nothing before it was handed over', async () => {
      const { binding, card, first, second } = scene();
      let handedOver = false;
      let early = false;
      const told = new Promise<unknown>((resolve, reject) => {
        const observation = binding.observe({
          update: (readers) => {
            early ||= !handedOver;
            resolve(readers);
            void observation.close();
          },
          lost: reject,
        });
        handedOver = true;
      });
      const changes = expect.any(Number);
      expect(await told).toEqual([
        { name: first, cardPresent: true, unresponsive: false, atr: card.atr, changes },
        { name: second, cardPresent: false, unresponsive: false, changes },
      ]);
      expect(early).toBe(false);
    });

    test('tells an empty list promptly where there is no reader', async () => {
      const result = await scene().world.runProgram(
        `const observation = binding.observe({
           update: (readers) => {
             console.log(JSON.stringify(readers));
             observation.close();
           },
           lost: (error) => console.log(error.message),
         });`,
        { readers: 'none' },
      );
      expect(result).toMatchObject({ stdout: '[]\n', stderr: '', exitCode: 0 });
    });

    test('tells that a card was taken out and put in, and counts both', async () => {
      const { card, first, watched } = scene();
      const before = await watched.untilCard(first, true);
      card.remove();
      const empty = await watched.untilCard(first, false);
      await card.insert();
      const again = await watched.untilCard(first, true);
      expect(empty.atr).toBeUndefined();
      expect(again.atr).toEqual(card.atr);
      expect(empty.changes).toBeGreaterThan(before.changes);
      expect(again.changes).toBeGreaterThan(empty.changes);
    });

    test('does not hear when another one ends', async () => {
      const { binding, card, first, watched } = scene();
      const other = new Watched(binding);
      await other.started();
      await other.close();
      await other.close();
      const updates = other.updates.length;
      card.remove();
      await watched.untilCard(first, false);
      await card.insert();
      await watched.untilCard(first, true);
      expect(watched.lost).toEqual([]);
      expect(other.lost).toEqual([]);
      expect(other.updates).toHaveLength(updates);
    });

    test('can be ended in its own update', async () => {
      const { binding } = scene();
      let closing: Promise<void> | undefined;
      const observation = binding.observe({
        update: () => {
          closing ??= observation.close();
        },
        lost: () => undefined,
      });
      await eventually(() => closing !== undefined);
      await closing;
    });

    test('can be ended before it told anything', async () => {
      const watched = new Watched(scene().binding);
      await watched.close();
      expect(watched.lost).toEqual([]);
    });
  });
}
