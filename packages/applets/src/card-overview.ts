import type { Card } from '@jpki/iso7816';
import { type CardCounters, readCounters } from './card-counters.ts';
import { type CallOptions, isAbsent } from './hold.ts';
import { JpkiApplication } from './jpki/application.ts';
import type { Availability } from './jpki/availability.ts';
import type { CardKind, Token } from './jpki/token.ts';
import type { PinReference } from './secret-reference.ts';

/** What can be known of a card without any secret. */
export interface CardOverview {
  /** By the token label and the applications, never by the ATR. */
  readonly kind: CardKind;
  /** `undefined` when the card has no JPKI application, or no token file. */
  readonly token: Token | undefined;
  /** Which certificates exist; none where the card does not say. */
  readonly certificates: Availability;
  /** Tries left of the four PINs; `undefined` for one that is not on this card. */
  readonly triesLeft: CardCounters<PinReference>;
}

const PINS: readonly PinReference[] = ['sign', 'auth', 'text', 'resident'];

/**
 * What a card is, which certificates it has, and the tries left of its PINs. Asks no PIN and spends no try.
 *
 * @throws {ImplausibleCounterError} when the card tells a number that cannot be; {@link LinkError}.
 */
export async function readCardOverview(card: Card, options: CallOptions = {}): Promise<CardOverview> {
  const jpki = new JpkiApplication(card);
  const token = await jpki.token(options).catch(undefinedIfAbsent);
  const kind = token?.kind ?? 'unknown';
  const certificates = token && (await jpki.availability(options).catch(undefinedIfAbsent));
  const counters = await readCounters(card, kind === 'juki-card' ? [] : PINS, options);
  const { sign, auth, text } = counters;
  // Sources differ about the home of this PIN (card-protocol.md 11, no. 7).
  const resident = counters.resident ?? (await readElsewhere(card, kind, options));
  return {
    kind,
    token,
    certificates: certificates ?? { sign: false, auth: false },
    triesLeft: { sign, auth, text, resident },
  };
}

async function readElsewhere(card: Card, kind: CardKind, options: CallOptions): Promise<number | undefined> {
  return kind === 'juki-card' ? undefined : (await readCounters(card, ['common'], options)).common;
}

function undefinedIfAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error;
}
