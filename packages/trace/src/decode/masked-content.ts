import { isPlain, maskedLength, sliceMasked } from '../masked-bytes.ts';
import type { MaskedBytes, PlaceholderType } from '../model.ts';

/** Most bytes looked into at once: twice the largest response. */
export const MAX_CONTENT = 131_072;

/** Bytes that were not written down. */
export interface HiddenRange {
  readonly start: number;
  readonly end: number;
  readonly type: PlaceholderType;
}

/** Bytes of which some were not written down, by offset. What lies beyond {@link MAX_CONTENT} is left out. */
export class MaskedContent {
  /** Zeros stand where something is hidden. */
  readonly bytes: Uint8Array;
  /** In order, none empty; neighbours of one type are one range. */
  readonly hidden: readonly HiddenRange[];

  constructor(masked: MaskedBytes) {
    const total = maskedLength(masked);
    this.bytes = new Uint8Array(Math.min(total, MAX_CONTENT));
    const hidden: HiddenRange[] = [];
    let at = 0;
    for (const piece of total > MAX_CONTENT ? sliceMasked(masked, 0, MAX_CONTENT) : masked) {
      if (isPlain(piece)) this.bytes.set(piece, at);
      else hide(hidden, { start: at, end: at + piece.length, type: piece.type });
      at += piece.length;
    }
    this.hidden = hidden;
  }

  get length(): number {
    return this.bytes.length;
  }

  /** The first hidden range that ends after `offset`, or `undefined`. */
  nextHidden(offset: number): HiddenRange | undefined {
    let [low, high] = [0, this.hidden.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.hidden[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.hidden[low];
  }

  /** The hidden range that `offset` lies in, or `undefined`. */
  hiddenAt(offset: number): HiddenRange | undefined {
    const next = this.nextHidden(offset);
    return next !== undefined && next.start <= offset ? next : undefined;
  }

  /** Whether every byte from `start` to before `end` is known. */
  isClear(start: number, end: number): boolean {
    const next = this.nextHidden(start);
    return start >= end || next === undefined || next.start >= end;
  }

  /** From `start` to before `end`, in turns of known and hidden bytes. */
  pieces(start: number, end: number, limit: number): (Uint8Array | HiddenRange)[] {
    const pieces: (Uint8Array | HiddenRange)[] = [];
    for (let at = start; at < end && pieces.length < limit; ) {
      const next = this.nextHidden(at);
      const clear = Math.min(next?.start ?? end, end);
      if (clear > at) pieces.push(this.bytes.subarray(at, clear));
      else if (next !== undefined) pieces.push({ ...next, start: at, end: Math.min(next.end, end) });
      const last = pieces.at(-1);
      at += last instanceof Uint8Array ? last.length : (last?.end ?? end) - at;
    }
    return pieces;
  }
}

function hide(hidden: HiddenRange[], range: HiddenRange): void {
  if (range.start >= range.end) return;
  const last = hidden.at(-1);
  if (last?.end !== range.start || last.type !== range.type) hidden.push(range);
  else hidden.splice(-1, 1, { ...last, end: range.end });
}
