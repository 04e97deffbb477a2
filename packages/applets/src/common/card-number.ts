import { readDate } from '../card-field.ts';
import { CardDataInvalidError } from '../errors.ts';
import { CARD_NUMBER_TAG } from './layout.ts';

/** What the card number record says. Nothing signs it. */
export interface CardNumber {
  /** 15 digits; the last 13 are known as 製造番号. */
  readonly serial: string;
  /** 市区町村コード, 5 digits. */
  readonly municipality: string;
  /** 有効期限 of the card, `YYYY-MM-DD`. */
  readonly expiry: string;
}

/** 15 digits of the serial number, 5 of the municipality, 8 of the expiry date (card-protocol.md 6). */
const LENGTH = 28;

/** Reads a record as the card stores it: tag 01, length 1C, 28 digits. @throws {CardDataInvalidError} */
export function readCardNumber(record: Uint8Array): CardNumber {
  const [tag, length] = record;
  const text = Buffer.from(record.subarray(2)).toString('latin1');
  const isRecord =
    tag === CARD_NUMBER_TAG && length === LENGTH && text.length === LENGTH && /^\d+$/.test(text);
  if (!isRecord) throw new CardDataInvalidError('the card number record is not 28 digits');
  return {
    serial: text.slice(0, 15),
    municipality: text.slice(15, 20),
    expiry: readDate(record.subarray(22), 'the expiry date'),
  };
}
