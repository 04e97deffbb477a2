import { type CardChannel, Sw } from '@jpki/iso7816';
import {
  CardView,
  type CommandEntry,
  type Holder,
  type ResponseEntry,
  recorder,
  statusWordOf,
  type Trace,
  type TraceEntry,
} from '@jpki/trace';
import { harmlessCommand, type SkipReason } from './harmless-commands.ts';

/** A recorded command whose answer is not compared. */
export interface SkippedCommand {
  readonly command: CommandEntry;
  readonly reason: SkipReason;
  /** What had been recorded before it; what the command means depends on it. */
  readonly index: number;
}

/** What came of sending a trace to a card: both traces hold the same commands. */
export interface CardReplay {
  /** The recorded one, without what was skipped. */
  readonly before: Trace;
  /** What the card answered now, redacted by whose it is. */
  readonly now: Trace;
  readonly skipped: readonly SkippedCommand[];
}

/**
 * Sends the harmless commands of a trace to a card: no PIN, no signature, nothing twice. What cannot be the same because
 * a PIN was skipped is skipped too: reads that want it, and the tries left after it.
 *
 * @throws what the link throws; `signal.reason`.
 */
export async function replayOnCard(
  trace: Trace,
  channel: CardChannel,
  { holder, signal }: { readonly holder: Holder; readonly signal: AbortSignal },
): Promise<CardReplay> {
  const before: TraceEntry[] = [];
  const now: TraceEntry[] = [];
  const skipped: SkippedCommand[] = [];
  const view = new CardView();
  const recorded = recorder((entry) => now.push(entry), { holder }).layer(channel);
  for (const [index, command] of trace.entries.entries()) {
    if (command.type !== 'command') continue;
    signal.throwIfAborted();
    const response = responseAfter(trace.entries, index);
    const skip = (reason: SkipReason) => skipped.push({ command, reason, index });
    const step = view.command(command.bytes);
    const sendable = harmlessCommand(command, step);
    if (response !== undefined) view.response(response.bytes);
    if (typeof sendable === 'string') {
      skip(sendable);
      continue;
    }
    const length = now.length;
    const answer = await recorded.transmit(sendable);
    const isOther = statusWordOf(response?.bytes ?? []) !== statusWordOf([answer]);
    if (isOther && skipped.length > 0 && (step.kind === 'ask-tries' || wantsPin(answer))) {
      now.length = length;
      skip('dependent');
    } else before.push(command, ...(response ? [response] : []));
  }
  return {
    before: { header: trace.header, entries: before },
    now: { header: { atr: channel.atr }, entries: now },
    skipped,
  };
}

function responseAfter(entries: readonly TraceEntry[], index: number): ResponseEntry | undefined {
  const next = entries.slice(index + 1, index + 3).find(({ type }) => type !== 'note');
  return next?.type === 'response' ? next : undefined;
}

function wantsPin(answer: Uint8Array): boolean {
  return statusWordOf([answer]) === Sw.SECURITY_STATUS_NOT_SATISFIED;
}
