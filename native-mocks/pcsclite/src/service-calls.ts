import { CallLog, type RecordedCall } from './call-log.ts';
import type { MockClock } from './clock.ts';
import { type Fault, FaultPlan } from './fault-plan.ts';
import { ScardCallError } from './scard.ts';

/** Runs the calls of a service: each is recorded, and goes wrong where that was planned. */
export class ServiceCalls {
  readonly log: CallLog = new CallLog();
  readonly faults: FaultPlan = new FaultPlan();
  readonly #clock: MockClock;

  constructor(clock: MockClock) {
    this.#clock = clock;
  }

  async run<T>(call: RecordedCall, work: () => T | Promise<T>): Promise<T> {
    const { fault, ended } = this.#begun(call);
    const { delay } = fault;
    try {
      if (delay !== undefined) await new Promise<void>((resolve) => this.#clock.after(delay, resolve));
      failBefore(call, fault);
      const value = await work();
      failAfter(call, fault);
      ended(0);
      return value;
    } catch (error) {
      if (error instanceof ScardCallError) ended(error.scardCode);
      throw error;
    }
  }

  /** For a call that is made in a constructor, which cannot wait. */
  runNow<T>(call: RecordedCall, work: () => T): T {
    const { fault, ended } = this.#begun(call);
    try {
      failBefore(call, fault);
      const value = work();
      failAfter(call, fault);
      ended(0);
      return value;
    } catch (error) {
      if (error instanceof ScardCallError) ended(error.scardCode);
      throw error;
    }
  }

  #begun(call: RecordedCall): { readonly fault: Fault; readonly ended: (result: number) => void } {
    const ended = this.log.begin(call);
    return { fault: this.faults.take(call.call, call.reader) ?? {}, ended };
  }
}

function failBefore({ call }: RecordedCall, { code, carriedOut }: Fault): void {
  if (code !== undefined && !carriedOut) throw new ScardCallError(call, code);
}

/** Only the answer of such a call is lost. */
function failAfter({ call }: RecordedCall, { code }: Fault): void {
  if (code !== undefined) throw new ScardCallError(call, code);
}
