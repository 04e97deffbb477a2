import type { Card } from '@jpki/iso7816';
import { type Hold, holdApplication } from '../hold.ts';
import { JPKI_AP } from './layout.ts';

/** Holds of this card, each beginning with SELECT of the JPKI application. */
export function holdJpki(card: Card): Hold {
  return holdApplication(card, JPKI_AP);
}
