import { CARD_MANAGER_AID, JpkiApplication, type PinOptions } from '@jpki/applets';
import { Card, type CardChannel, CardRemovedError, Ins, Pin } from '@jpki/iso7816';
import {
  openSimulatorPki,
  openVirtualCard,
  personaNamed,
  type SimulatorPki,
  type VirtualCard,
} from '@jpki/simulator';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { OpenedCard } from '../card/open-card.ts';
import { Exit } from '../exit-codes.ts';
import { loadMessages } from '../locales/messages.ts';
import type { Messages } from '../locales/texts.ts';
import { commonArguments } from '../options.ts';
import { Output } from '../output.ts';
import { PinSource } from './pin-source.ts';

const { signal } = new AbortController();
let pki: SimulatorPki;
let messages: Messages;
let said = '';

beforeAll(async () => {
  pki = await openSimulatorPki({ folder: inject('simulatorKeys') });
  messages = await loadMessages('en');
});

function program() {
  said = '';
  const write = (_: 1 | 2, bytes: Uint8Array) => {
    said += Buffer.from(bytes).toString();
  };
  return { messages, output: new Output({ json: false, write }), interrupted: signal, exitCode: Exit.DONE };
}

/** A card as `openCard` gives it; `transmit` may be replaced. */
async function opened(
  transmit?: (card: VirtualCard, command: Uint8Array) => Promise<Uint8Array>,
): Promise<OpenedCard> {
  const card = await openVirtualCard({ pki });
  const channel: CardChannel = {
    atr: card.atr,
    transmit: (command) => (transmit ? transmit(card, command) : card.transmit(command)),
    [Symbol.asyncDispose]: () => card[Symbol.asyncDispose](),
  };
  const link = new Card(channel);
  return {
    card: link,
    application: new JpkiApplication(link),
    channel,
    restart: async () => channel,
    reader: 'a reader',
    atr: card.atr,
    persona: personaNamed('adult'),
    [Symbol.asyncDispose]: () => card[Symbol.asyncDispose](),
  };
}

const signOnce = (card: OpenedCard) => (options: PinOptions) =>
  card.application.sign.withSigner(options, (signer) => signer.sign('sha256', new Uint8Array(32)));

describe('spending a PIN', () => {
  it('tells the tries left before it is sent', async () => {
    const card = await opened(async (real, command) => {
      if (command[1] === Ins.VERIFY && command.length > 5) expect(said).toContain('5 of 5');
      return real.transmit(command);
    });
    const source = await PinSource.prepare('sign', commonArguments({ card: 'sim:' }), program());
    expect(await source.spend(card, signal, signOnce(card))).toHaveLength(256);
  });

  it('keeps the signature when the card is taken out at the command that locks it, and warns', async () => {
    const isd = Buffer.from(CARD_MANAGER_AID);
    const card = await opened(async (real, command) => {
      if (Buffer.from(command).includes(isd)) throw new CardRemovedError();
      return real.transmit(command);
    });
    const source = await PinSource.prepare('sign', commonArguments({ card: 'sim:' }), program());
    expect(await source.spend(card, signal, signOnce(card))).toHaveLength(256);
    expect(said).toContain('removal locks the card');
  });

  it('passes on what the card answers, without trying again', async () => {
    let verified = 0;
    const card = await opened(async (real, command) => {
      if (command[1] === Ins.VERIFY && command.length > 5) verified++;
      return real.transmit(command);
    });
    const source = await PinSource.prepare('sign', commonArguments({ card: 'sim:' }), program());
    const wrong = (options: PinOptions) =>
      signOnce(card)({ ...options, pin: Pin.fromBytes(Buffer.from('WRONG1')) });
    await expect(source.spend(card, signal, wrong)).rejects.toMatchObject({
      code: 'ERR_PIN_INCORRECT',
      triesLeft: 4,
    });
    expect(verified).toBe(1);
  });
});
