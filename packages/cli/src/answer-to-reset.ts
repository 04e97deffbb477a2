/** What an answer to reset says of a card, as far as people ask. */
export interface AnswerToReset {
  /** Protocols offered, in order: `T=1`. */
  readonly protocols: readonly string[];
  /** Historical bytes. */
  readonly historical: Uint8Array;
  /** Whether the check byte is right; `undefined` where none is due (T=0 alone). */
  readonly checksum: boolean | undefined;
}

/** Most interface bytes groups read; ISO/IEC 7816-3 ends an ATR after 33 bytes. */
const MAX_GROUPS = 8;

/**
 * Decodes an answer to reset (ISO/IEC 7816-3:2006, 8.2). Readers of contactless cards make one up (PC/SC part 3), and
 * several makers share this card, so nothing is decided from it.
 *
 * @returns `undefined` for bytes that are none.
 */
export function decodeAtr(atr: Uint8Array): AnswerToReset | undefined {
  const format = atr[1];
  if ((atr[0] !== 0x3b && atr[0] !== 0x3f) || format === undefined) return undefined;
  const protocols = new Set<number>();
  let at = 2;
  let present = format >> 4;
  for (let group = 0; group < MAX_GROUPS && present !== 0; group++) {
    // TA, TB, TC: one byte for each of the lower three bits; TD, the fourth, announces the next group.
    at += (present & 1) + ((present >> 1) & 1) + ((present >> 2) & 1);
    const next = (present & 8) === 0 ? undefined : atr[at++];
    if (next !== undefined && (next & 0x0f) !== 15) protocols.add(next & 0x0f);
    present = (next ?? 0) >> 4;
  }
  const historical = atr.subarray(at, at + (format & 0x0f));
  if (historical.length !== (format & 0x0f)) return undefined;
  const numbers = protocols.size === 0 ? [0] : [...protocols];
  const due = numbers.some((number) => number !== 0);
  const checksum = due ? atr.subarray(1).reduce((sum, byte) => sum ^ byte, 0) === 0 : undefined;
  return { protocols: numbers.map((number) => `T=${number}`), historical, checksum };
}
