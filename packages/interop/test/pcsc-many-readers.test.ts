import type { BindingName, ConnectOptions } from '@jpki/pcsc';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CardScene, cardScene } from '../src/card-scene.ts';
import { buildCardWorker, CardWorker } from '../src/card-worker-process.ts';
import type { SigningOutcome } from '../src/card-worker-protocol.ts';
import { miniRequirement } from '../src/pcsc-mini-addon.ts';
import { pcscliteRequirement } from '../src/pcsclite-addon.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';
import { eventually } from '../src/scripted-card.ts';
import { isGenuine } from '../src/signature-check.ts';
import type { Fate, SlotCard } from '../src/slot-card.ts';

const TEXT = 'a document';
/** Milliseconds for sixteen signatures side by side: a watchdog. */
const PATIENCE = 60_000;
/** Milliseconds after which a card that says nothing is given up. */
const TRANSMIT_TIMEOUT = 3_000;
/** A command in the middle of a signature, before the PIN. */
const MIDDLE = 2;

/** Each binding with the number of readers it can see: that of pcsc-lite before 2.5, and of pcsc-mini 0.1.3. */
const BINDINGS: readonly [BindingName, number][] = [
  ['socket', 16],
  ['pcsclite', 16],
  ['pcsc-mini', 4],
];

const needed = requirements(pcscdRequirement(), pcscliteRequirement(), miniRequirement());

describe('sixteen readers with a card in each', needed, () => {
  let scene: CardScene;

  beforeAll(async () => {
    await buildCardWorker();
    scene = await cardScene(16);
  });
  afterAll(() => scene?.[Symbol.asyncDispose]());

  describe.each(BINDINGS)('through %s', (binding, visible) => {
    let worker: CardWorker;
    let cards: readonly SlotCard[];

    beforeEach(async () => {
      worker = await CardWorker.start(binding, scene.pcscd.environment);
      cards = scene.cards.slice(0, visible);
      for (const card of scene.cards) card.forget();
    });
    afterEach(async () => {
      expect(await worker.end()).toEqual({ exitCode: 0, stderr: '' });
    });

    /** Signs on all at once, one try each. */
    const signOnAll = (options: ConnectOptions = {}) =>
      Promise.all(
        cards.map(async ({ readerName: reader }) => {
          const job = { job: 'sign-often', reader, options, times: 1, text: TEXT, patience: 1 } as const;
          const [outcome] = (await worker.do(job, PATIENCE)) as SigningOutcome[];
          return outcome;
        }),
      );

    /** Until the connection that was given up has been let go of: the worker waits a second for others, and no longer. */
    const isFree = ({ readerName }: SlotCard) =>
      eventually(async () => {
        const channel = await scene.pcsc.connect(readerName, { share: 'exclusive' }).catch(() => undefined);
        await channel?.[Symbol.asyncDispose]();
        return channel !== undefined;
      });

    const expectSignatures = (outcomes: readonly (SigningOutcome | undefined)[]) => {
      for (const outcome of outcomes)
        expect(outcome?.made && isGenuine(outcome.made, TEXT), JSON.stringify(outcome?.failure)).toBe(true);
    };

    test('as many as it can see are there, and sign side by side', async () => {
      const readers = (await worker.do({ job: 'readers' })) as readonly {
        name: string;
        cardPresent: boolean;
      }[];
      expect(readers.map(({ name }) => name)).toEqual(cards.map(({ readerName }) => readerName));
      expect(readers.every(({ cardPresent }) => cardPresent)).toBe(true);
      expectSignatures(await signOnAll());
    });

    test('one whose card is taken out does not stop the others', async () => {
      const [unlucky] = cards.slice(-1);
      if (unlucky === undefined) throw new Error('there is a card');
      unlucky.fates = (index) => (index === MIDDLE ? 'removed before' : 'answer');
      const outcomes = await signOnAll();
      expect(outcomes.at(-1)).toMatchObject({
        pinSent: false,
        failure: { code: 'ERR_CARD_REMOVED', typed: true },
      });
      expectSignatures(outcomes.slice(0, -1));
      await scene.until(unlucky.readerName, false);
      await scene.insert(unlucky);
      unlucky.forget();
      expectSignatures(await signOnAll());
    });

    test('one whose card falls silent does not stop the others', async () => {
      const [unlucky] = cards.slice(-1);
      if (unlucky === undefined) throw new Error('there is a card');
      let speak: () => void = () => undefined;
      unlucky.fates = async (index): Promise<Fate> => {
        if (index === MIDDLE) {
          await new Promise<void>((resolve) => {
            speak = resolve;
          });
        }
        return 'answer';
      };
      const outcomes = await signOnAll({ transmitTimeout: TRANSMIT_TIMEOUT });
      expect(outcomes.at(-1)).toMatchObject({
        pinSent: false,
        failure: { code: 'ERR_PCSC_TIMEOUT', typed: true },
      });
      expectSignatures(outcomes.slice(0, -1));
      speak();
      unlucky.forget();
      await isFree(unlucky);
      expectSignatures(await signOnAll());
    });
  });
});
