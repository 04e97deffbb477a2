import { type CardKind, JpkiApplication } from '@jpki/applets/jpki';
import { Card } from '@jpki/iso7816';
import type { Pcsc } from '@jpki/pcsc';
import { codeOf } from '../error-code.ts';
import { gentleConnection } from './gentle-connection.ts';

/** What is known of a card that was looked at in passing. */
export interface IdentifiedCard {
  readonly cardKind: CardKind;
  readonly inUse: boolean;
}

/**
 * What the card is, by asking it: several makers share this card, so its ATR says nothing. Asks no PIN. A card that
 * another program holds is left alone; one that fails is listed all the same.
 *
 * @throws `signal.reason` only.
 */
export async function identifyCard(pcsc: Pcsc, reader: string, signal: AbortSignal): Promise<IdentifiedCard> {
  try {
    const card = new Card(await pcsc.connect(reader, { ...gentleConnection(reader), signal }));
    try {
      return { cardKind: (await new JpkiApplication(card).token({ signal })).kind, inUse: false };
    } finally {
      await card[Symbol.asyncDispose]();
    }
  } catch (error) {
    signal.throwIfAborted();
    return { cardKind: 'unknown', inUse: codeOf(error) === 'ERR_PCSC_SHARING_VIOLATION' };
  }
}
