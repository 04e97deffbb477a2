import { type Day, japaneseDay, nextBirthday } from '../calendar/day.ts';

/** A certificate's life: notBefore and notAfter, whole seconds. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** 23:59:59 in Japan, which certificates write as 14:59:59Z (card-protocol.md 7.2). */
export function endOfDay({ year, month, day }: Day): Date {
  return new Date(Date.UTC(year, month - 1, day, 14, 59, 59));
}

/** A CA's certificate ends the day before its tenth anniversary (computed from the six of card-protocol.md 7.1). */
export function caValidity(issued: Date): Validity {
  const { year, month, day } = japaneseDay(issued);
  return { notBefore: issued, notAfter: endOfDay({ year: year + 10, month, day: day - 1 }) };
}

/** A holder's certificate ends on the fifth birthday after its issue, or with the card (card-protocol.md 7.2). */
export function holderValidity(issued: Date, birth: Day, cardEnd?: Date): Validity {
  const fifth = endOfDay(nextBirthday(japaneseDay(issued), birth, 5));
  return { notBefore: issued, notAfter: cardEnd !== undefined && cardEnd < fifth ? cardEnd : fifth };
}
