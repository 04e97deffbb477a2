import { JpkiApplication } from '@jpki/applets';
import { Card, type CardChannel } from '@jpki/iso7816';
import { recorder } from '@jpki/trace';
import { expect, it } from 'vitest';
import type { OpenedCard } from '../card/open-card.ts';
import { ApduSession } from './apdu-session.ts';

const bare: CardChannel = {
  atr: Uint8Array.of(0x3b, 0x00),
  transmit: async () => Uint8Array.of(0x90, 0x00),
  [Symbol.asyncDispose]: async () => undefined,
};

function opened(channel: CardChannel, isShared: boolean): OpenedCard {
  const card = new Card(channel);
  return {
    ...{
      card,
      channel,
      isShared: () => isShared,
      application: new JpkiApplication(card),
      reader: 'R',
      atr: channel.atr,
    },
    persona: undefined,
    restart: async () => channel,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

it('knows of a shared card behind the layer that records it', () => {
  const { layer } = recorder(() => undefined, { holder: 'person' });
  for (const isShared of [true, false]) {
    const session = new ApduSession(opened(layer(bare), isShared), { allowPinCommands: false });
    expect(session.isShared).toBe(isShared);
  }
});
