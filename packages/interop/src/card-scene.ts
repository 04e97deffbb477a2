import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPcsc, type Pcsc, socketBinding } from '@jpki/pcsc';
import { openSimulatorPki, openVirtualCard, type PersonaName } from '@jpki/simulator';
import { type PrivatePcscd, startPrivatePcscd } from './private-pcscd.ts';
import { eventually } from './scripted-card.ts';
import { signingOn } from './signing-on.ts';
import { SlotCard } from './slot-card.ts';

/** Milliseconds in which pcscd sees a card that was put in: it looks every 400 ms, and powers it up. */
const INSERTION_TIME = 3_000;

/** Most times a card is put in again. */
const MOST_INSERTIONS = 5;

/** A real PC/SC service with a virtual card of its own in each reader. */
export class CardScene implements AsyncDisposable {
  readonly pcscd: PrivatePcscd;
  /** One for each slot, in order. */
  readonly cards: readonly SlotCard[];
  /** An onlooker at the same service. */
  readonly pcsc: Pcsc;
  readonly #folder: string;

  /** Use {@link cardScene}. */
  constructor(folder: string, pcscd: PrivatePcscd, cards: readonly SlotCard[], pcsc: Pcsc) {
    this.#folder = folder;
    this.pcscd = pcscd;
    this.cards = cards;
    this.pcsc = pcsc;
  }

  /** The card in this slot; fails where there is no such slot. */
  card(slot: number): SlotCard {
    const card = this.cards[slot];
    if (!card) throw new RangeError(`there is no slot ${slot}`);
    return card;
  }

  /**
   * Puts in the cards that are out, these or all, and waits until the service has seen them. One that comes back before
   * pcscd's own poll noticed that it was gone is never seen: it is then put in once more.
   */
  async insert(...cards: readonly SlotCard[]): Promise<void> {
    await Promise.all((cards.length > 0 ? cards : this.cards).map((card) => this.#insert(card)));
  }

  /** Waits until the service has (or no longer has) a card in this reader. */
  until(readerName: string, present: boolean, timeout?: number): Promise<void> {
    const isSo = async () => {
      const readers = await this.pcsc.readers().catch(() => []);
      return readers.some(({ name, cardPresent }) => name === readerName && cardPresent === present);
    };
    return eventually(isSo, timeout);
  }

  async #insert(card: SlotCard): Promise<void> {
    for (let left = MOST_INSERTIONS; ; left--) {
      card.insert();
      try {
        return await this.until(card.readerName, true, INSERTION_TIME);
      } catch (error) {
        if (left === 0) throw error;
        await card.remove();
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pcsc.close();
    // First, since a card that will never answer keeps neither.
    await this.pcscd[Symbol.asyncDispose]();
    await Promise.all(this.cards.map((card) => card.remove()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

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
    pcscd.slots.slice(0, slots).map(async (slot, at) => {
      const card = await openVirtualCard({ pki, persona: personas[at] ?? 'adult' });
      return new SlotCard(card, slot);
    }),
  );
  const pcsc = await openPcsc({ binding: socketBinding({ path: pcscd.environment.PCSCLITE_CSOCK_NAME }) });
  const scene = new CardScene(folder, pcscd, cards, pcsc);
  await scene.insert();
  return scene;
}
