import type { Card } from '@jpki/iso7816';
import { type CallOptions, type Hold, holdApplication } from '../hold.ts';
import { readTriesLeft } from '../pin-gate.ts';
import { RESIDENT_AP, RESIDENT_PIN } from './layout.ts';

/**
 * The 住基AP of a card. Nothing in it is known to be readable by the holder; only its PIN is asked about and changed
 * ({@link changePin}).
 *
 * Throws {@link ApplicationNotFoundError} when the card has no such application.
 */
export class ResidentApplication {
  readonly #hold: Hold;

  constructor(card: Card) {
    this.#hold = holdApplication(card, RESIDENT_AP);
  }

  /** Tries left of the 住民基本台帳用暗証番号; 0 means blocked. Spends none. */
  triesLeft(options: CallOptions = {}): Promise<number> {
    return this.#hold((session) => readTriesLeft(session, RESIDENT_PIN), options);
  }
}
