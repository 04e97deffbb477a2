/** Where the mock's delays come from. Nothing else in it takes time. */
export interface MockClock {
  /** Runs `work` after `milliseconds`; the returned function takes that back. */
  after(milliseconds: number, work: () => void): () => void;
}

/** Waits on the computer's clock. */
export const realClock: MockClock = {
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until it is told to go on: no test waits five real seconds for an idle transaction. */
export class ManualClock implements MockClock {
  #now = 0;
  readonly #alarms: Set<{ readonly at: number; readonly work: () => void }> = new Set();

  /** Milliseconds since the start of this clock. */
  get now(): number {
    return this.#now;
  }

  after(milliseconds: number, work: () => void): () => void {
    const alarm = { at: this.#now + milliseconds, work };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Lets time pass: whatever is due runs in its order, and what it leads to has happened when this resolves. */
  async advance(milliseconds: number): Promise<void> {
    // Whoever is about to wait begins to wait now, not after the time that passes.
    await settled();
    const end = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#alarms].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) break;
      this.#now = next.at;
      this.#alarms.delete(next);
      next.work();
      await settled();
    }
    this.#now = end;
    await settled();
  }
}

/** Turns of the event loop within which one cause has all its effects in the mock. */
const TURNS = 6;

/** Resolves when everything has happened that needs no time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
