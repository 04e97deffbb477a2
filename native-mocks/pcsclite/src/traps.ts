/**
 * Things the real addon punishes that no call reports: it deadlocks, stops the event loop or crashes. The mock cannot do
 * that to a test, so it says so.
 *
 * - `deadlock`: the process would never get on. The mock throws {@link AddonTrapError} where it happens.
 * - `blocked`: the event loop would stand still until the card or a thread is done. Only noted.
 * - `crash`: the process would hang or crash at a garbage collection. Only noted.
 */
export interface AddonTrap {
  readonly kind: 'deadlock' | 'blocked' | 'crash';
  /** What was done, one sentence. */
  readonly what: string;
}

/** Thrown at whoever steps into a trap that would end in a deadlock. */
export class AddonTrapError extends Error {
  override readonly name = 'AddonTrapError';
}

/** The traps a program stepped into. */
export class TrapLog {
  readonly #traps: AddonTrap[] = [];

  get traps(): readonly AddonTrap[] {
    return this.#traps;
  }

  note(kind: 'blocked' | 'crash', what: string): void {
    this.#traps.push({ kind, what });
  }

  /** @throws {AddonTrapError} always. */
  deadlock(what: string): never {
    this.#traps.push({ kind: 'deadlock', what });
    throw new AddonTrapError(`${what}: the real addon would wait for itself, for ever`);
  }
}
