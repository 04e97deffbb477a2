import type { ReaderMonitor } from '../readers/reader-monitor.ts';

/**
 * Notices that a card was taken out of its reader, also when another one is in it by now. The service does not tell that
 * to a shared connection if somebody resets the other card: it calls that a reset, and goes on with the wrong card.
 */
export class SameCard {
  readonly #monitor: ReaderMonitor;
  readonly #readerName: string;
  /** What the observation counted when it saw this card; its report can come later than the connection. */
  #changes: number | undefined;
  readonly #stop: () => void;
  #isGone = false;

  /** Begins with the card that is in the reader now, or is reported next. */
  constructor(monitor: ReaderMonitor, readerName: string) {
    this.#monitor = monitor;
    this.#readerName = readerName;
    this.#stop = monitor.listen(() => this.#look());
    this.#look();
  }

  /** Whether it was taken out, as far as the observation knows. */
  get isGone(): boolean {
    return this.#isGone;
  }

  forget(): void {
    this.#stop();
  }

  #look(): void {
    // While nothing is observed, the service is gone, and with it the connection.
    const reader = this.#monitor.present?.get(this.#readerName);
    if (reader === undefined) return;
    if (reader.cardPresent) this.#changes ??= reader.changes;
    if (this.#changes !== undefined && (!reader.cardPresent || reader.changes !== this.#changes))
      this.#isGone = true;
  }
}
