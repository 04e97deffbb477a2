import { toHex } from '@jpki/iso7816';
import { decodeStep } from '../decode/decoded-step.ts';
import { eventText, stepText } from '../decode/decoded-texts.ts';
import { type Exchange, exchangesOf } from '../decode/exchange.ts';
import type { Wording } from '../decode/wording.ts';
import { maskedLength, maskedText } from '../masked-bytes.ts';
import type { EventEntry, Trace } from '../model.ts';
import type { Step } from '../steps/card-step.ts';
import type { IgnoredContent } from './trace-difference.ts';

/** One thing of a trace that is compared: a command with its answer, or an event. */
export type Comparable =
  | { readonly type: 'exchange'; readonly key: string; readonly exchange: Exchange }
  | { readonly type: 'event'; readonly key: string; readonly event: EventEntry };

/**
 * Commands and events of a trace in order. Headings, notes, and what was given to the program are left out. Where
 * the content of a file is ignored, reading it is one command: how many it takes depends on its length.
 */
export function comparablesOf({ entries }: Trace, ignore?: IgnoredContent): Comparable[] {
  const found: Comparable[] = [];
  let reading: number | undefined;
  for (const next of exchangesOf(entries)) {
    const ignored = next.type === 'exchange' && isIgnoredRead(next, ignore) ? next.step.ef : undefined;
    const goesOn = ignored !== undefined && ignored === reading;
    reading = ignored;
    if (goesOn) continue;
    if (next.type === 'event') found.push({ type: 'event', key: '!', event: next });
    if (next.type !== 'exchange') continue;
    const key = ignored === undefined ? keyOf(next) : `file ${ignored}`;
    found.push({ type: 'exchange', key, exchange: next });
  }
  return found;
}

/** Whether a command reads a file whose content is ignored. */
function isIgnoredRead({ step }: Exchange, ignore: IgnoredContent | undefined): boolean {
  const of = step.kind === 'get-response' ? step.of : step;
  if (of?.kind !== 'read-binary') return false;
  const holds = of.file?.holds;
  if (holds === 'certificate') return ignore !== undefined;
  return ignore === 'contents' && holds !== 'public';
}

/** Equal for commands that do the same: all bytes but those that differ from one run to the next. */
function keyOf({ step, command }: Exchange): string {
  const fields = step.command;
  if (fields === undefined) return `? ${maskedText(command.bytes)}`;
  const { cla, ins, p1, p2, data, le, extended } = fields;
  const sent = isVolatileCommand(step)
    ? `{${step.kind === 'verify' || step.kind === 'change-pin' ? '' : maskedLength(data)}}`
    : maskedText(data);
  return `${toHex(Uint8Array.of(cla, ins, p1, p2))} ${sent} ${le ?? '-'} ${extended ? 'x' : ''}`;
}

/**
 * Whether the data field differs from run to run: PINs whatever their length, what is to be signed, challenges, session
 * keys and everything encrypted.
 */
function isVolatileCommand({ kind, secured }: Step): boolean {
  const kinds: readonly Step['kind'][] = [
    'verify',
    'change-pin',
    'sign',
    'internal-authenticate',
    'set-session-key',
  ];
  return secured || kinds.includes(kind);
}

/** Line in the text of its trace, or `undefined`. */
export function lineOf(comparable: Comparable): number | undefined {
  return comparable.type === 'event' ? comparable.event.line : comparable.exchange.command.line;
}

/** What it is, in a sentence, without its time. */
export function sentenceOf(comparable: Comparable): Wording {
  if (comparable.type === 'event') {
    const words = eventText(comparable.event);
    return typeof words === 'string' ? { ja: words, en: words } : words;
  }
  const { milliseconds: _, ...step } = decodeStep([comparable.exchange]);
  return { ja: stepText(step, 'ja'), en: stepText(step, 'en') };
}
