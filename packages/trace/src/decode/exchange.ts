import { maskedLength, sliceMasked, statusWordOf } from '../masked-bytes.ts';
import type {
  CommandEntry,
  EventEntry,
  GivenNonceEntry,
  GivenTimeEntry,
  HeadingEntry,
  MaskedBytes,
  NoteEntry,
  ResponseEntry,
  TraceEntry,
} from '../model.ts';
import { withoutPin } from '../redact/redact-command.ts';
import type { Step } from '../steps/card-step.ts';
import { CardView } from '../steps/card-view.ts';

/** A command with its answer, and what it means on this card. */
export interface Exchange {
  readonly type: 'exchange';
  readonly step: Step;
  readonly command: CommandEntry;
  /** Absent where the card did not answer. */
  readonly response?: ResponseEntry;
  /** Response data field; empty without an answer. */
  readonly data: MaskedBytes;
  /** Status word; absent without an answer, or where it was not recorded. */
  readonly sw?: number;
}

/** What stands between exchanges. */
export type Interlude = HeadingEntry | NoteEntry | EventEntry | GivenTimeEntry | GivenNonceEntry;

/** The entries of a trace with commands and answers put together. A response without a command is left out. */
export function* exchangesOf(entries: Iterable<TraceEntry>): Generator<Exchange | Interlude> {
  const view = new CardView();
  let open: { readonly command: CommandEntry; readonly step: Step } | undefined;
  for (const entry of entries) {
    if (entry.type === 'response') {
      if (open === undefined) continue;
      view.response(entry.bytes);
      yield answered(open.step, open.command, entry);
      open = undefined;
      continue;
    }
    if (open !== undefined) yield { type: 'exchange', ...open, data: [] };
    open = undefined;
    if (entry.type === 'command') {
      // A trace made by hand or by others may have a PIN in clear. It is not shown.
      const bytes = withoutPin(entry.bytes);
      open = { command: { ...entry, bytes }, step: view.command(bytes) };
    } else {
      if (entry.type === 'event' && entry.event !== 'failed') view.reset();
      yield entry;
    }
  }
  if (open !== undefined) yield { type: 'exchange', ...open, data: [] };
}

function answered(step: Step, command: CommandEntry, response: ResponseEntry): Exchange {
  const length = maskedLength(response.bytes);
  const data = sliceMasked(response.bytes, 0, Math.max(length - 2, 0));
  const sw = statusWordOf(response.bytes);
  const exchange = { type: 'exchange', step, command, response, data } as const;
  return sw === undefined ? exchange : { ...exchange, sw };
}
