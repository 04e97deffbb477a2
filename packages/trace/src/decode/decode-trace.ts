import type { Trace } from '../model.ts';
import { decodeStep } from './decoded-step.ts';
import type { DecodedLine, DecodedTrace } from './decoded-trace.ts';
import { openAtr } from './open-atr.ts';
import { stepPartsOf } from './step-parts.ts';
import { TotalsCounter } from './totals.ts';

/**
 * Says in words what a trace holds: what each command means on this card, what the answers say, and what the files
 * contain. It takes any trace: what makes no sense is called malformed, and the size of the result is bounded by the
 * number of commands.
 */
export function decodeTrace({ header, entries }: Trace): DecodedTrace {
  const totals = new TotalsCounter();
  const lines: DecodedLine[] = [];
  for (const next of stepPartsOf(entries)) {
    if (next.type !== 'parts') {
      lines.push(next);
      continue;
    }
    for (const exchange of next.parts) totals.add(exchange);
    lines.push(decodeStep(next.parts));
  }
  return { header, ...(header.atr && { atr: openAtr(header.atr) }), lines, totals: totals.totals };
}
