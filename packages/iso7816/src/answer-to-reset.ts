/** What an answer to reset says of a card (ISO/IEC 7816-3:2006, 8.2). */
export interface AnswerToReset {
  /** Interface bytes TA, TB and TC, in their groups; TD, which only announces the next group, is left out. */
  readonly groups: readonly InterfaceBytes[];
  /** Protocols offered, in order: 1 is T=1. */
  readonly protocols: readonly number[];
  /** Historical bytes, 0 to 15. */
  readonly historical: Uint8Array;
  /** Whether the check byte is right; `undefined` where none is due (T=0 alone). */
  readonly checksum: boolean | undefined;
}

/** One group of interface bytes: TA2, TB2, TC2 have the number 2. */
export interface InterfaceBytes {
  readonly number: number;
  /** Protocol that the group belongs to; `undefined` for the first, which is for all. */
  readonly protocol: number | undefined;
  readonly ta?: number;
  readonly tb?: number;
  readonly tc?: number;
}

/** Longest answer to reset, bytes (ISO/IEC 7816-3:2006, 8.2.1: TS and at most 32 more). */
export const MAX_ATR_LENGTH = 33;

/**
 * Decodes an answer to reset. Readers of contactless cards make one up (PC/SC part 3), and makers sell one chip as many
 * cards: never decide from it what a card is.
 *
 * @returns `undefined` for bytes that are none.
 */
export function decodeAtr(atr: Uint8Array): AnswerToReset | undefined {
  const format = atr[1];
  if ((atr[0] !== 0x3b && atr[0] !== 0x3f) || format === undefined || atr.length > MAX_ATR_LENGTH)
    return undefined;
  const { groups, offered, end } = readGroups(atr, format >> 4);
  const count = format & 0x0f;
  const historical = atr.subarray(end, end + count);
  if (end > atr.length || historical.length !== count) return undefined;
  const protocols = offered.length === 0 ? [0] : offered;
  const isDue = protocols.some((number) => number !== 0);
  const isRight = () =>
    atr.length === end + count + 1 && atr.subarray(1).reduce((sum, byte) => sum ^ byte, 0) === 0;
  return { groups, protocols, historical, checksum: isDue ? isRight() : undefined };
}

interface Groups {
  readonly groups: readonly InterfaceBytes[];
  readonly offered: readonly number[];
  /** Offset of what follows the groups; beyond the answer where it was cut. */
  readonly end: number;
}

/** @param announced the bits of T0: TA, TB, TC and TD, lowest first. */
function readGroups(atr: Uint8Array, announced: number): Groups {
  const groups: InterfaceBytes[] = [];
  const offered = new Set<number>();
  let at = 2;
  let present = announced;
  let protocol: number | undefined;
  for (let number = 1; present !== 0 && at < atr.length; number++) {
    const next = (bit: number) => ((present & bit) === 0 ? undefined : (atr[at++] ?? 0));
    const [ta, tb, tc, td] = [next(1), next(2), next(4), next(8)];
    groups.push({
      number,
      protocol,
      ...(ta !== undefined && { ta }),
      ...(tb !== undefined && { tb }),
      ...(tc !== undefined && { tc }),
    });
    protocol = td === undefined ? undefined : td & 0x0f;
    // T=15 is no protocol: its group is for all of them.
    if (protocol !== undefined && protocol !== 15) offered.add(protocol);
    present = (td ?? 0) >> 4;
  }
  return { groups, offered: [...offered], end: present === 0 ? at : atr.length + 1 };
}
