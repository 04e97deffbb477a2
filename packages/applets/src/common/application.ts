import { type Card, StatusWordError, Sw } from '@jpki/iso7816';
import { CardDataInvalidError } from '../errors.ts';
import { type CallOptions, type Hold, holdApplication } from '../hold.ts';
import { readTriesLeft } from '../pin-gate.ts';
import { type CardNumber, readCardNumber } from './card-number.ts';
import { CARD_NUMBER_EF, COMMON_AP, COMMON_PIN } from './layout.ts';

/**
 * The 共通カードAP of a card: its number, its municipality and its expiry date.
 *
 * Every method throws {@link ApplicationNotFoundError} when the card has no such application.
 */
export class CommonApplication {
  readonly #hold: Hold;

  constructor(card: Card) {
    this.#hold = holdApplication(card, COMMON_AP);
  }

  /** The card number record; needs no PIN. @throws {CardDataInvalidError} when it is not there or no such record. */
  cardRecord(options: CallOptions = {}): Promise<CardNumber> {
    return this.#hold(async (session) => {
      try {
        await session.selectEf(CARD_NUMBER_EF);
        return readCardNumber(await session.readRecord(1));
      } catch (error) {
        const isAbsent =
          error instanceof StatusWordError &&
          (error.sw === Sw.FILE_NOT_FOUND || error.sw === Sw.RECORD_NOT_FOUND);
        throw isAbsent ? new CardDataInvalidError('the card number record is not there', error) : error;
      }
    }, options);
  }

  /** Tries left of the PIN as this application keeps it; 0 means blocked. Spends none. */
  triesLeft(options: CallOptions = {}): Promise<number> {
    return this.#hold((session) => readTriesLeft(session, COMMON_PIN), options);
  }
}
