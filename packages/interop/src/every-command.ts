import { JpkiApplication } from '@jpki/applets/jpki';
import { Card, type CardChannel } from '@jpki/iso7816';
import { type BindingName, openPcsc, type Pcsc, type PcscChannel } from '@jpki/pcsc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CardScene, cardScene } from './card-scene.ts';
import type { SigningKey, SigningOutcome } from './card-worker-protocol.ts';
import { soon } from './no-hang.ts';
import type { Requirement } from './requirement.ts';
import { isGenuine } from './signature-check.ts';
import { signingOn } from './signing-on.ts';
import type { SlotCard } from './slot-card.ts';

/** What is signed. */
export const TEXT: string = 'a document';
/** SELECT of the card manager, which locks the card. */
export const LOCK: string = '00A4040C07A0000001510000';
const VERIFY = /^0020.{4}(?=..)/;
const SIGN = /^802A/;
export const FULL: Readonly<Record<SigningKey, number>> = { sign: 5, auth: 3 };
export const KEYS: readonly SigningKey[] = ['sign', 'auth'];

const count = (commands: readonly string[], pattern: RegExp) =>
  commands.filter((command) => pattern.test(command)).length;

/** What holds after any accident: an error of ours or a signature, and no PIN or key used twice. */
export function nothingLost(outcome: SigningOutcome, commands: readonly string[]): void {
  if (outcome.made) expect(isGenuine(outcome.made, TEXT)).toBe(true);
  else expect(outcome.failure).toMatchObject({ typed: true, code: expect.stringMatching(/^ERR_/) });
  expect(count(commands, VERIFY)).toBeLessThanOrEqual(1);
  expect(count(commands, SIGN)).toBeLessThanOrEqual(1);
}

/**
 * The accidents that a card in a real reader can have at each command of a signature, through one binding. Each binding
 * needs a process of its own: two native clients of PC/SC in one are nobody's program.
 *
 * @param readers how many readers the binding can see.
 */
export function describeEveryCommand(binding: BindingName, readers: number, needed: Requirement): void {
  describe(`a card in a real reader, through ${binding},`, needed, () => {
    let scene: CardScene;
    /** Commands of an undisturbed signature. */
    const commands: Record<SigningKey, readonly string[]> = { sign: [], auth: [] };

    beforeAll(async () => {
      scene = await cardScene(readers);
      // The client library reads it once per process, at its first call.
      Object.assign(process.env, scene.pcscd.environment);
      for (const key of KEYS) {
        await using channel = await scene.pcsc.connect(scene.card(0).readerName);
        scene.card(0).forget();
        const outcome = await signingOn(channel, key, TEXT);
        commands[key] = [...scene.card(0).commands];
        nothingLost(outcome, commands[key]);
        expect(count(commands[key], SIGN)).toBe(1);
        expect(outcome.made).toEqual(expect.anything());
      }
    });
    afterAll(() => scene?.[Symbol.asyncDispose]());

    describe('at every command', () => {
      let pcsc: Pcsc;

      beforeAll(async () => {
        pcsc = await openPcsc({ binding });
      });
      afterAll(() => pcsc?.close());

      /** One accident for each command, as many at a time as there are readers. */
      const sweep = async (key: SigningKey, accident: (card: SlotCard, index: number) => Promise<void>) => {
        const indices = [...commands[key].keys()];
        const lane = async (card: SlotCard) => {
          for (let index = indices.shift(); index !== undefined; index = indices.shift()) {
            card.forget();
            await accident(card, index);
            expect(await card.virtual.triesLeft(key)).toBe(FULL[key]);
            card.forget();
            await worksAgain(card, key);
          }
        };
        await Promise.all(scene.cards.map(lane));
      };

      const worksAgain = async (card: SlotCard, key: SigningKey) => {
        const channel = await soon('connecting again', pcsc.connect(card.readerName));
        const tries = await new JpkiApplication(new Card(channel))[key].triesLeft();
        const again = await soon('signing again', signingOn(channel, key, TEXT));
        await soon('closing again', channel[Symbol.asyncDispose]());
        expect(tries).toBe(FULL[key]);
        expect(again).toMatchObject({ pinSent: true, made: expect.anything() });
      };

      describe.each(['removed before', 'removed after'] as const)('%s it answered', (fate) => {
        test.each(KEYS)('any command of %s', async (key) => {
          await sweep(key, async (card, index) => {
            const channel = await pcsc.connect(card.readerName);
            card.fates = (at) => (at === index ? fate : 'answer');
            const outcome = await soon(`command ${index}`, signingOn(channel, key, TEXT));
            await soon('closing', channel[Symbol.asyncDispose]());
            nothingLost(outcome, card.commands);
            const isLast = index === commands[key].length - 1;
            const isPin = VERIFY.test(commands[key][index] ?? '');
            if (isLast) expect(outcome.lockFailure).toMatchObject({ code: 'ERR_CARD_REMOVED' });
            else
              expect(outcome.failure).toMatchObject({
                code: isPin ? 'ERR_PIN_OUTCOME_UNKNOWN' : 'ERR_CARD_REMOVED',
              });
            expect(card.commands.length).toBe(index + 1);
            await scene.until(card.readerName, false);
            await scene.insert(card);
          });
        });
      });

      test.each(KEYS)('reset by another program before any command of %s', async (key) => {
        await sweep(key, async (card, index) => {
          const channel = await pcsc.connect(card.readerName, { share: 'shared', disposition: 'leave' });
          const reset = async () => {
            await using other = await scene.pcsc.connect(card.readerName, {
              share: 'shared',
              disposition: 'leave',
            });
            await other.reset('warm');
          };
          const outcome = await soon(`command ${index}`, signingOn(loose(channel, index, reset), key, TEXT));
          await soon('closing', channel[Symbol.asyncDispose]());
          nothingLost(outcome, card.commands);
          if (!outcome.made)
            expect(['ERR_CARD_RESET', 'ERR_PIN_OUTCOME_UNKNOWN']).toContain(outcome.failure?.code);
          if (outcome.pinSent) expect(card.commands.at(-1)).toBe(LOCK);
        });
      });
    });
  });
}

/** A channel without transactions, so that another program is let in; `before` happens before command `index`. */
function loose(channel: PcscChannel, index: number, before: () => Promise<void>): CardChannel {
  let sent = 0;
  return {
    atr: channel.atr,
    transmit: async (command) => {
      if (sent++ === index) await before();
      return channel.transmit(command);
    },
    recover: () => channel.recover(),
    [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
  };
}
