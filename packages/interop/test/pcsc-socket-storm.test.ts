import { encodeResponse } from '@jpki/iso7816';
import { socketBinding } from '@jpki/pcsc';
import { describe, expect, test } from 'vitest';
import { pcscdRequirement, startPrivatePcscd } from '../src/private-pcscd.ts';
import { eventually, ScriptedCard } from '../src/scripted-card.ts';

/** Milliseconds of storm; the watchdog of the test is far above. */
const STORM = 5_000;

describe('many observations of many readers', pcscdRequirement(), () => {
  test('see the truth after cards came and went while thousands of connections were made', async () => {
    await using pcscd = await startPrivatePcscd({ slots: 16 });
    const binding = socketBinding({ path: pcscd.environment.PCSCLITE_CSOCK_NAME });
    const cards = pcscd.slots.map(({ port }) => new ScriptedCard(port, () => encodeResponse(0x9000)));
    const lost: unknown[] = [];
    /** Whether a card is in the reader of this name. */
    const seen = new Map<string, boolean>();
    const present: number[] = Array.from({ length: 8 }, () => 0);
    const observations = present.map((_, observer) =>
      binding.observe({
        update: (readers) => {
          for (const { name, cardPresent } of readers) seen.set(name, cardPresent);
          present[observer] = readers.filter(({ cardPresent }) => cardPresent).length;
        },
        lost: (error) => lost.push(error),
      }),
    );
    const allSeen = () => eventually(() => present.every((count) => count === 16));
    await Promise.all(cards.map((card) => card.insert()));
    await allSeen();

    const end = performance.now() + STORM;
    const comeAndGo = async (card: ScriptedCard, slot: number) => {
      const name = pcscd.slots[slot]?.readerName ?? '';
      while (performance.now() < end) {
        card.remove();
        await eventually(() => seen.get(name) === false);
        await card.insert();
        await eventually(() => seen.get(name) === true);
      }
    };
    const connectAndLeave = async ({ readerName }: { readerName: string }) => {
      while (performance.now() < end) {
        const card = await binding.connect(readerName, 'shared');
        expect(await card.transmit(Uint8Array.of(0, 0xa4, 4, 0))).toHaveLength(2);
        await card.disconnect('leave');
      }
    };
    await Promise.all([...cards.slice(0, 8).map(comeAndGo), ...pcscd.slots.slice(8).map(connectAndLeave)]);

    await allSeen();
    expect(lost).toEqual([]);
    expect([...seen.keys()].sort()).toEqual(pcscd.slots.map(({ readerName }) => readerName).sort());
    await Promise.all(observations.map((observation) => observation.close()));
    for (const card of cards) await card[Symbol.asyncDispose]();
  });
});
