import { Sw } from '@jpki/iso7816';
import { maskedLength, sliceMasked } from '../masked-bytes.ts';
import type { MaskedBytes, Placeholder, TraceEntry } from '../model.ts';
import type { Step } from '../steps/card-step.ts';
import { type Exchange, exchangesOf, type Interlude } from './exchange.ts';
import { MAX_CONTENT } from './masked-content.ts';

/** The commands of one step, in order. */
export interface StepParts {
  readonly type: 'parts';
  readonly parts: [Exchange, ...Exchange[]];
}

/** Puts together what belongs together: reads of one file, a command and its GET RESPONSE, a chain of commands. */
export function* stepPartsOf(entries: Iterable<TraceEntry>): Generator<StepParts | Interlude> {
  let open: StepParts | undefined;
  for (const next of exchangesOf(entries)) {
    if (next.type !== 'exchange') {
      if (open !== undefined) yield open;
      open = undefined;
      yield next;
    } else if (open !== undefined && continues(open.parts, next)) open.parts.push(next);
    else {
      if (open !== undefined) yield open;
      open = { type: 'parts', parts: [next] };
    }
  }
  if (open !== undefined) yield open;
}

function continues(parts: StepParts['parts'], next: Exchange): boolean {
  const last = parts.at(-1);
  const { step } = parts[0];
  if (last?.sw === undefined) return false;
  if (next.step.kind === 'get-response') return last.sw >> 8 === 0x61;
  if (next.step.kind !== step.kind) return false;
  if (last.step.chained) return next.step.command?.ins === step.command?.ins;
  return step.kind === 'read-binary' && isSameFile(step, next.step) && endsWell(last.sw);
}

/** Of an unknown EF nobody can say whether it is the same. */
function isSameFile(a: Step, b: Step): boolean {
  return a.ef !== undefined && a.ef === b.ef && a.aid === b.aid && a.secured === b.secured;
}

/** Whether reading may go on after this: done, done in part, or told the right Le. */
function endsWell(sw: number): boolean {
  return sw === Sw.OK || sw === Sw.END_OF_FILE || sw >> 8 === 0x61 || sw >> 8 === 0x6c;
}

/** What the parts of one step read, from the start of the file. */
export interface ReadContent {
  readonly content: MaskedBytes;
  /** Whether reading came to the end of the file. */
  readonly isWhole: boolean;
}

/** The file as far as it was read without a gap. Bytes read twice are taken from the first reading. */
export function readContent(parts: readonly Exchange[]): ReadContent {
  const pieces: (Uint8Array | Placeholder)[] = [];
  let length = 0;
  let isWhole = false;
  let offset = 0;
  for (const { step, data, sw } of parts) {
    if (step.kind === 'read-binary') offset = step.offset;
    const count = maskedLength(data);
    if (offset <= length && offset + count > length && length < MAX_CONTENT) {
      for (const piece of offset === length ? data : sliceMasked(data, length - offset)) pieces.push(piece);
      length = offset + count;
    }
    isWhole ||= endsFile(step, count, sw);
    offset += count;
  }
  return { content: pieces, isWhole };
}

/** A shorter answer than was asked for, or a word that says so. */
function endsFile(step: Step, count: number, sw: number | undefined): boolean {
  if (sw === Sw.END_OF_FILE || sw === Sw.OFFSET_OUTSIDE_FILE) return true;
  return sw === Sw.OK && step.kind === 'read-binary' && count < (step.le ?? 0);
}
