import { type StatusWord, Sw } from './status.ts';

/** P2 of commands that mean the selected EF (JICSAP v1.1, 7.3). */
export const CURRENT_EF = 0x80;

/** Largest short EF identifier; 0 means the current EF and 31 none (card-protocol.md 1.3). */
const LARGEST_SHORT_ID = 0x1e;

/** A file that is protected or not there, or an extended Le that is not taken, says nothing about identifiers. */
const SAYS_NOTHING: ReadonlySet<StatusWord> = new Set([
  Sw.SECURITY_STATUS_NOT_SATISFIED,
  Sw.FILE_NOT_FOUND,
  Sw.WRONG_LENGTH,
]);

/**
 * What is known of short EF identifiers on one card. They save a SELECT for each file, but are not known to work on
 * every card: only a READ BINARY that succeeds with one proves them, and no other command uses them before that.
 */
export class ShortIds {
  #state: 'unproven' | 'proven' | 'refused';

  constructor(wanted: boolean) {
    this.#state = wanted ? 'unproven' : 'refused';
  }

  /** Whether a READ BINARY of EF `id` may use its short identifier. */
  mayRead(id: number): boolean {
    return this.#state !== 'refused' && hasShortId(id);
  }

  /** Whether any command may: it was proven on this card. */
  mayUse(id: number): boolean {
    return this.#state === 'proven' && hasShortId(id);
  }

  /** Learns from the answer to a READ BINARY with a short identifier. */
  answered(sw: StatusWord): void {
    if (this.#state !== 'unproven') return;
    if (sw === Sw.OK || sw === Sw.END_OF_FILE) this.#state = 'proven';
    else if (!SAYS_NOTHING.has(sw)) this.#state = 'refused';
  }
}

function hasShortId(id: number): boolean {
  return id >= 1 && id <= LARGEST_SHORT_ID;
}
