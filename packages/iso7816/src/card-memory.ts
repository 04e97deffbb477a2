import type { RefusedPins } from './refused-pins.ts';
import type { ShortIds } from './short-ids.ts';

/** What outlives a session and belongs to the card. */
export interface CardMemory {
  /** Whether files are read with extended Le; turned off by the first refusal. */
  extendedLe: boolean;
  /** Whether files are meant by short identifiers, and what this card said to that. */
  readonly shortIds: ShortIds;
  readonly refusedPins: RefusedPins;
}
