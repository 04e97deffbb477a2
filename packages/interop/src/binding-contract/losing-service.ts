import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ScardFailure } from '@jpki/pcsc';
import { describe, expect, test } from 'vitest';
import { eventually } from '../scripted-card.ts';
import { answerOf, expectedAnswer } from './contract-card.ts';
import { type ContractScene, codes, isServiceCode, scardCodeOf, Watched } from './subject.ts';

/** What is owed when the service goes away, and when it is back. */
export function describeLosingService(scene: () => ContractScene): void {
  describe('a service that stops', () => {
    test('ends observations once and connections with its own codes, and one that is back is reached anew', async () => {
      const { world, binding, card, first, watched } = scene();
      const old = await binding.connect(first, 'shared');
      await world.stopService();
      await eventually(() => watched.lost.length > 0);
      const updates = watched.updates.length;
      expect(isServiceCode(await scardCodeOf(old.transmit(answerOf(3))))).toBe(true);
      await old.disconnect('unpower').catch(() => undefined);
      // A binding that connects through its observed readers has none left; the layer above asks for readers first.
      const refused = await scardCodeOf(binding.connect(first, 'shared'));
      expect(isServiceCode(refused) || refused === codes.NO_READERS_AVAILABLE).toBe(true);
      expect(isServiceCode(await codeOfObserving(scene()))).toBe(true);
      await world.startService();
      await card.insert();
      const again = new Watched(binding);
      await again.untilCard(first, true);
      const fresh = await binding.connect(first, 'exclusive');
      expect(await fresh.transmit(answerOf(3))).toEqual(expectedAnswer(3));
      await fresh.disconnect('unpower');
      await again.close();
      expect(watched.lost).toHaveLength(1);
      expect(watched.updates).toHaveLength(updates);
    });

    test('leaves nothing behind whose collection ends the process', async () => {
      const { world, binding, card, first, watched } = scene();
      const uncaught: unknown[] = [];
      const note = (error: unknown) => uncaught.push(error);
      process.on('uncaughtException', note);
      const old = await binding.connect(first, 'shared');
      await world.stopService();
      await eventually(() => watched.lost.length > 0);
      await old.disconnect('unpower').catch(() => undefined);
      await watched.close();
      await world.startService();
      await card.insert();
      await collectGarbage();
      process.removeListener('uncaughtException', note);
      expect(uncaught).toEqual([]);
    });
  });
}

/** Collects, and lets whatever follows from it happen; twice, since finalizers leave garbage of their own. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  for (let round = 0; round < 2; round++) {
    if (typeof collect === 'function') collect();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The code with which an observation fails while the service is away: thrown, or told as lost. */
async function codeOfObserving({ binding }: ContractScene): Promise<number> {
  let watched: Watched;
  try {
    watched = new Watched(binding);
  } catch (error) {
    return scardCodeOf(Promise.reject(error));
  }
  await watched.started();
  await watched.close();
  const [lost] = watched.lost;
  return lost instanceof ScardFailure ? lost.scardCode : expect.fail(`lost with ${String(lost)}`);
}
