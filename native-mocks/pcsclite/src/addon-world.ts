import { CardCalls } from './card-calls.ts';
import type { ResourceManager } from './resource-manager.ts';
import { type ScardCall, ScardCallError, textOf } from './scard.ts';
import { TrapLog } from './traps.ts';

/** What the objects of the addon share. */
export class AddonWorld {
  readonly manager: ResourceManager;
  readonly cards: CardCalls;
  readonly traps: TrapLog = new TrapLog();
  /** Tells of reader objects that were collected although nobody had asked them for their status. */
  readonly collected: FinalizationRegistry<string> = new FinalizationRegistry((name) => {
    this.traps.note(
      'crash',
      `a reader object of "${name}" was collected that was never asked for its status`,
    );
  });

  constructor(manager: ResourceManager) {
    this.manager = manager;
    this.cards = new CardCalls(manager);
  }

  /** The addon's error for a failed call: its code is only in its text. An error of the mock itself comes back as it is. */
  errorOf(error: unknown, call?: ScardCall): Error {
    if (!(error instanceof ScardCallError)) return error instanceof Error ? error : new Error(String(error));
    const code = `0x${error.scardCode.toString(16).padStart(8, '0')}`;
    const text = `${textOf(error.scardCode)}${this.manager.profile.errorTextEnd.value}`;
    return new Error(`${call ?? error.call} error: ${text}(${code})`);
  }
}

/**
 * Reports of a thread to the event loop, as `uv_async` delivers them: the loop lives as long as the reporter, and a
 * report that comes before the last one was delivered takes its place.
 */
export class Reporter<T> {
  readonly #deliver: (report: T) => void;
  readonly #keepAlive: NodeJS.Timeout = setInterval(() => undefined, 0x7fff_ffff);
  #next: { readonly report: T } | undefined;

  constructor(deliver: (report: T) => void) {
    this.#deliver = deliver;
  }

  send(report: T): void {
    const scheduled = this.#next !== undefined;
    this.#next = { report };
    if (scheduled) return;
    setImmediate(() => {
      const { report: latest } = this.#next ?? { report };
      this.#next = undefined;
      this.#deliver(latest);
    });
  }

  close(): void {
    clearInterval(this.#keepAlive);
  }
}
