import { within } from '../deadline.ts';
import { MiniCard } from './mini-card.ts';
import type { MiniParts } from './mini-parts.ts';

/** Most milliseconds to wait for a card to be powered up and the service to tell its ATR. */
const READ_TIMEOUT = 2_000;

interface KnownAtr {
  readonly changes: number;
  readonly atr: Promise<Uint8Array | undefined>;
}

/**
 * The answers to reset of present cards. The reports of the addon (0.1.3) have the right length of it and wrong
 * bytes: they are taken from memory that was left already. So it is asked for through a connection, shared and
 * left as it was, once for each card.
 */
export class ReaderAtrs {
  readonly #parts: MiniParts;
  readonly #known: Map<string, KnownAtr> = new Map();

  constructor(parts: MiniParts) {
    this.#parts = parts;
  }

  /**
   * The ATR of the card in a reader; undefined where it cannot be had. Never rejects. A failure stays until
   * {@link forget} or another number of `changes`, since asking itself changes the state of the reader.
   */
  of(readerName: string, changes: number): Promise<Uint8Array | undefined> {
    const known = this.#known.get(readerName);
    if (known?.changes === changes) return known.atr;
    const read = this.#read(readerName);
    const atr = within(read, { timeout: READ_TIMEOUT, subject: 'the card' }).catch(() => undefined);
    this.#known.set(readerName, { changes, atr });
    return atr;
  }

  /** For a card that left, and for one that another program has: then it is asked for again. */
  forget(readerName: string): void {
    this.#known.delete(readerName);
  }

  /** Waits for every question that was asked. */
  async settled(): Promise<void> {
    await Promise.all([...this.#known.values()].map(({ atr }) => atr));
  }

  async #read(readerName: string): Promise<Uint8Array | undefined> {
    const card = await MiniCard.connect(this.#parts, readerName, 'shared');
    try {
      const { atr } = await card.status();
      return atr.length > 0 ? atr : undefined;
    } finally {
      await card.disconnect('leave').catch(() => undefined);
    }
  }
}
