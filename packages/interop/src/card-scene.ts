import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPcsc, type Pcsc, socketBinding } from '@jpki/pcsc';
import { openSimulatorPki, openVirtualCard, type PersonaName } from '@jpki/simulator';
import { type PrivatePcscd, startPrivatePcscd } from './private-pcscd.ts';
import { eventually } from './scripted-card.ts';
import { signingOn } from './signing-on.ts';
import { SlotCard } from './slot-card.ts';

/** A real PC/SC service with a virtual card of its own in each reader. */
export interface CardScene extends AsyncDisposable {
  readonly pcscd: PrivatePcscd;
  /** One for each slot, in order. */
  readonly cards: readonly SlotCard[];
  /** An onlooker at the same service. */
  readonly pcsc: Pcsc;
  /** The card in this slot; fails where there is no such slot. */
  card(slot: number): SlotCard;
  /**
   * Puts in the cards that are out, these or all, and waits until the service has seen them. One that comes back before
   * pcscd's own poll noticed that it was gone is never seen: it is then put in once more.
   */
  insert(...cards: readonly SlotCard[]): Promise<void>;
  /** Waits until the service has (or no longer has) a card in this reader. */
  until(readerName: string, present: boolean, timeout?: number): Promise<void>;
}

/** Milliseconds in which pcscd sees a card that was put in: it looks every 400 ms, and powers it up. */
const INSERTION_TIME = 3_000;

/** Most times a card is put in again. */
const MOST_INSERTIONS = 5;

/**
 * Starts a service with these many slots and puts a card into each; all share one PKI.
 *
 * @param personas whose cards, from the first slot on; `adult` for the rest.
 */
export async function cardScene(slots: number, personas: readonly PersonaName[] = []): Promise<CardScene> {
  const folder = await mkdtemp(join(tmpdir(), 'jpki-scene-'));
  const pki = await openSimulatorPki({ folder });
  // Keys are made when they are first used, which holds up this process, and so the cards in it, for seconds.
  for (const key of ['sign', 'auth'] as const) await signingOn(await openVirtualCard({ pki }), key, 'first');
  const pcscd = await startPrivatePcscd({ slots });
  const cards = await Promise.all(
    pcscd.slots
      .slice(0, slots)
      .map(
        async (slot, at) =>
          new SlotCard(await openVirtualCard({ pki, persona: personas[at] ?? 'adult' }), slot),
      ),
  );
  const pcsc = await openPcsc({ binding: socketBinding({ path: pcscd.environment.PCSCLITE_CSOCK_NAME }) });
  const until = (readerName: string, present: boolean, timeout?: number) =>
    eventually(
      async () =>
        (await pcsc.readers().catch(() => [])).some(
          ({ name, cardPresent }) => name === readerName && cardPresent === present,
        ),
      timeout,
    );
  const insert = async (card: SlotCard) => {
    for (let left = MOST_INSERTIONS; ; left--) {
      card.insert();
      try {
        return await until(card.readerName, true, INSERTION_TIME);
      } catch (error) {
        if (left === 0) throw error;
        await card.remove();
      }
    }
  };
  const scene: CardScene = {
    pcscd,
    cards,
    pcsc,
    card: (slot) => {
      const card = cards[slot];
      if (!card) throw new RangeError(`there is no slot ${slot}`);
      return card;
    },
    insert: async (...some) => {
      await Promise.all((some.length > 0 ? some : cards).map(insert));
    },
    until,
    async [Symbol.asyncDispose]() {
      await pcsc.close();
      // First, since a card that will never answer keeps neither.
      await pcscd[Symbol.asyncDispose]();
      await Promise.all(cards.map((card) => card.remove()));
      await rm(folder, { recursive: true, force: true });
    },
  };
  await scene.insert();
  return scene;
}
