import { maskedLength } from '../masked-bytes.ts';
import type { Step } from '../steps/card-step.ts';
import type { TraceTotals } from './decoded-trace.ts';
import type { Exchange } from './exchange.ts';
import { spentTry } from './pin-outcome.ts';
import { fileText, subjectOf, verbOf } from './step-words.ts';
import { type Words, wording } from './wording.ts';

type Slowest = NonNullable<TraceTotals['slowest']>;

/** Adds up the commands of a trace. */
export class TotalsCounter {
  #commands = 0;
  #unanswered = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #tenths = 0;
  #timed = 0;
  #slowest: { readonly exchange: Exchange; readonly milliseconds: number } | undefined;
  readonly #spent: Map<string, { readonly secret: Words; readonly count: number }> = new Map();
  #uncertain = 0;

  /** The next command with its answer. */
  add(exchange: Exchange): void {
    const { step, command, response, sw } = exchange;
    this.#commands++;
    this.#bytesSent += maskedLength(command.bytes);
    this.#bytesReceived += response === undefined ? 0 : maskedLength(response.bytes);
    if (response === undefined) this.#unanswered++;
    this.#addTime(exchange, response?.milliseconds);
    if (sw !== undefined && spentTry(step.kind, sw)) this.#spend(step);
    const spends = step.kind === 'verify' || step.kind === 'change-pin';
    if (spends && response === undefined) this.#uncertain++;
  }

  #addTime(exchange: Exchange, milliseconds: number | undefined): void {
    if (milliseconds === undefined) return;
    // In tenths, as the times stand in a trace: sums of decimals drift.
    this.#tenths += Math.round(milliseconds * 10);
    this.#timed++;
    if (milliseconds > (this.#slowest?.milliseconds ?? -1)) this.#slowest = { exchange, milliseconds };
  }

  #spend(step: Step): void {
    const secret = wording`${step.application?.japaneseName ?? ''} ${fileText(step)}`;
    const key = secret.ja;
    const count = (this.#spent.get(key)?.count ?? 0) + 1;
    this.#spent.set(key, { secret: fileText(step), count });
  }

  get totals(): TraceTotals {
    const slowest = this.#slowest && slowestOf(this.#slowest.exchange, this.#slowest.milliseconds);
    return {
      commands: this.#commands,
      unanswered: this.#unanswered,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      milliseconds: this.#tenths / 10,
      timed: this.#timed,
      ...(slowest && { slowest }),
      triesSpent: [...this.#spent.values()],
      triesUncertain: this.#uncertain,
    };
  }
}

function slowestOf(exchange: Exchange, milliseconds: number): Slowest {
  const { line } = exchange.command;
  const what = wording`${verbOf(exchange.step)} ${subjectOf([exchange])}`;
  return { ...(line !== undefined && { line }), what, milliseconds };
}
