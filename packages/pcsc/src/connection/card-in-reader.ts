import type { BindingCard, ShareMode } from '../binding.ts';
import { pause } from '../deadline.ts';
import type { ReaderMonitor } from '../readers/reader-monitor.ts';
import { knownAtr } from './connect-card.ts';

/** The report of an insertion can come later than the connection to the inserted card; milliseconds to wait for it. */
const ATR_TIMEOUT = 1_000;

/** Milliseconds in which the removal of a card is reported that made a command fail. */
const REMOVAL_TIMEOUT = 300;

const LOOK_DELAY = 10;

/** The card in one reader, as the observation sees it beside the connection. */
export class CardInReader {
  readonly #monitor: ReaderMonitor;
  readonly #readerName: string;

  constructor(monitor: ReaderMonitor, readerName: string) {
    this.#monitor = monitor;
    this.#readerName = readerName;
  }

  /** The ATR of the card that was connected to; empty where there is none. */
  async atr(card: BindingCard, share: ShareMode): Promise<Uint8Array> {
    const known = card.status && (await knownAtr(card));
    if (known) return known;
    // A direct connection needs no card, so there may be nothing to wait for.
    const seen = () => this.#reader?.atr;
    await this.#until(() => seen() !== undefined, share === 'direct' ? 0 : ATR_TIMEOUT);
    return seen() ?? new Uint8Array();
  }

  /** Whether no card is in the reader, as soon as that is known: a failed command may have been its removal. */
  async isGone(): Promise<boolean> {
    const isGone = () => this.#reader?.cardPresent === false;
    await this.#until(isGone, REMOVAL_TIMEOUT);
    return isGone();
  }

  get #reader() {
    return this.#monitor.present?.get(this.#readerName);
  }

  async #until(condition: () => boolean, timeout: number): Promise<void> {
    const deadline = performance.now() + timeout;
    while (!condition() && performance.now() < deadline) await pause(LOOK_DELAY);
  }
}
