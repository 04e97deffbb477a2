import { JpkiApplication } from '@jpki/applets/jpki';
import { Card, Pin } from '@jpki/iso7816';
import { openPcsc, type PcscBinding, socketBinding } from '@jpki/pcsc';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CardScene, cardScene } from '../src/card-scene.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { SlotCard } from '../src/slot-card.ts';

describe('while a person types a PIN for a shared card', pcscdRequirement(), () => {
  let scene: CardScene;
  let asked: SlotCard;
  let other: SlotCard;
  let binding: PcscBinding;

  beforeAll(async () => {
    scene = await cardScene(2);
    asked = scene.card(0);
    await scene.card(1).remove();
    const [slot] = scene.pcscd.slots;
    if (slot === undefined) throw new RangeError('there is no slot');
    other = new SlotCard(scene.card(1).virtual, slot);
    binding = socketBinding({ path: scene.pcscd.environment.PCSCLITE_CSOCK_NAME });
  });
  afterAll(async () => {
    await other?.remove();
    await scene?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await other.remove();
    await scene.insert(asked);
  });

  /** Another program that uses the card in the reader, and takes its power when it is done. */
  const neighbour = async () => {
    await using pcsc = await openPcsc({ binding });
    await using channel = await pcsc.connect(asked.readerName, { share: 'shared' });
    return channel.atr;
  };

  /** Signs with the right PIN of both cards, of which a person thinks for as long as `meanwhile` takes. */
  const signing = async (meanwhile: () => Promise<unknown>) => {
    await using pcsc = await openPcsc({ binding });
    await using card = new Card(await pcsc.connect(asked.readerName, { share: 'shared' }));
    const pin = async () => {
      await meanwhile();
      return Pin.fromBytes(Buffer.from('1234'));
    };
    return await new JpkiApplication(card).auth.withSigner({ pin }, async () => 'signed');
  };

  test('another program may use it: the PIN goes to it once', async () => {
    const before = asked.virtual.verifyCount;
    expect(await signing(neighbour)).toBe('signed');
    expect(asked.virtual.verifyCount).toBe(before + 1);
  });

  test('another card in its place never gets the PIN, even if another program used that one', async () => {
    const swapped = signing(async () => {
      await asked.remove();
      await scene.until(asked.readerName, false);
      await scene.insert(other);
      await neighbour();
    });
    await expect(swapped).rejects.toMatchObject({ code: 'ERR_CARD_REMOVED' });
    expect(other.virtual.verifyCount).toBe(0);
  });
});
