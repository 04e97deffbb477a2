import type { ScardCall } from './scard.ts';

/** How a named call shall go wrong. */
export interface Fault {
  /** SCARD code it fails with; without one the call succeeds, after `delay`. */
  readonly code?: number;
  /** How many calls it happens to; 1 without it, `Infinity` for always. */
  readonly times?: number;
  /** The first call it happens to, counted from now: 1 is the next one. */
  readonly nth?: number;
  /** Milliseconds on the mock's clock before the call goes on. Not for SCardEstablishContext, which has no time to wait. */
  readonly delay?: number;
  /** True: the call is carried out all the same and only its answer is lost, as when a cable breaks on the way back. */
  readonly carriedOut?: boolean;
  /** Only calls about this reader. */
  readonly reader?: string;
}

/** A fault that waits for its call. */
interface PlannedFault {
  readonly call: ScardCall;
  readonly fault: Fault;
  seen: number;
}

/** All faults that are still to come. */
export class FaultPlan {
  readonly #planned: Set<PlannedFault> = new Set();

  /**
   * Plans a fault; the returned function takes it back.
   *
   * @throws {RangeError} for a delay of SCardEstablishContext, or for a count below one.
   */
  add(call: ScardCall, fault: Fault): () => void {
    if (call === 'SCardEstablishContext' && fault.delay !== undefined) {
      throw new RangeError('SCardEstablishContext is called inside a constructor and cannot be delayed');
    }
    if ((fault.times ?? 1) < 1 || (fault.nth ?? 1) < 1) throw new RangeError('faults are counted from 1');
    const planned: PlannedFault = { call, fault, seen: 0 };
    this.#planned.add(planned);
    return () => this.#planned.delete(planned);
  }

  /** The fault of this call, if one was planned for it: the oldest that applies. Counts the call for all others too. */
  take(call: ScardCall, reader: string | undefined): Fault | undefined {
    let taken: Fault | undefined;
    for (const planned of this.#planned) {
      const { fault } = planned;
      if (planned.call !== call || (fault.reader !== undefined && fault.reader !== reader)) continue;
      planned.seen++;
      const first = fault.nth ?? 1;
      const last = first + (fault.times ?? 1) - 1;
      if (planned.seen >= last) this.#planned.delete(planned);
      if (planned.seen >= first && planned.seen <= last) taken ??= fault;
    }
    return taken;
  }

  clear(): void {
    this.#planned.clear();
  }
}
