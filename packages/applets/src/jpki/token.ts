/** What kind of thing answers as a JPKI card. */
export type CardKind = 'individual-number-card' | 'phone-android' | 'phone-iphone' | 'juki-card' | 'unknown';

/** What EF 0006 says of itself. */
export interface Token {
  /** Label as stored, without its padding. */
  readonly label: string;
  readonly kind: CardKind;
}

/** Labels of EF 0006 (card-protocol.md 2.1). @provenance oss: plastic five sources, Android two, iPhone one */
const KINDS: ReadonlyMap<string, CardKind> = new Map([
  ['JPKIAPICCTOKEN2', 'individual-number-card'],
  ['JPKIAPICCTOKEN', 'juki-card'],
  ['JPKIAPGPSETOKEN', 'phone-android'],
  ['JPKIAPIOSTOKEN', 'phone-iphone'],
]);

/** Reads the 32 bytes of the token label; padding is blanks on the card, zeros in some copies of it. */
export function readToken(bytes: Uint8Array): Token {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/[ \0]+$/, '');
  // A hostile card must not write to the terminal through its label.
  const label = text.replaceAll(/[^\x20-\x7e]/g, '?');
  return { label, kind: KINDS.get(label) ?? 'unknown' };
}
