import { toHex } from '@jpki/iso7816';
import type { MaskedBytes, Placeholder } from './model.ts';

/** Whether a piece of masked bytes is bytes, and not what stands for some. */
export function isPlain(piece: Uint8Array | Placeholder): piece is Uint8Array {
  return piece instanceof Uint8Array;
}

/** Number of bytes, those that placeholders stand for included. */
export function maskedLength(bytes: MaskedBytes): number {
  return bytes.reduce((sum, { length }) => sum + length, 0);
}

/** The bytes, or `undefined` when a placeholder stands for some. */
export function plainBytes(bytes: MaskedBytes): Uint8Array | undefined {
  if (!bytes.every(isPlain)) return undefined;
  const plain = new Uint8Array(maskedLength(bytes));
  let at = 0;
  for (const piece of bytes) {
    if (isPlain(piece)) plain.set(piece, at);
    at += piece.length;
  }
  return plain;
}

/**
 * From offset `start` to before offset `end`. A placeholder that is cut keeps its type and loses its mark: a mark tells
 * equal whole things.
 */
export function sliceMasked(
  bytes: MaskedBytes,
  start: number,
  end: number = maskedLength(bytes),
): MaskedBytes {
  const parts: (Uint8Array | Placeholder)[] = [];
  let at = 0;
  for (const piece of bytes) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, piece.length);
    if (from < to) parts.push(cut(piece, from, to));
    at += piece.length;
  }
  return parts;
}

function cut(piece: Uint8Array | Placeholder, from: number, to: number): Uint8Array | Placeholder {
  if (isPlain(piece)) return piece.subarray(from, to);
  return from === 0 && to === piece.length ? piece : { type: piece.type, length: to - from };
}

/** The status word of a response; `undefined` when it is masked or missing. */
export function statusWordOf(response: MaskedBytes): number | undefined {
  const [sw1, sw2] = plainBytes(sliceMasked(response, Math.max(maskedLength(response) - 2, 0))) ?? [];
  return sw1 === undefined || sw2 === undefined ? undefined : (sw1 << 8) | sw2;
}

/** `parts` one after another, in the form every {@link MaskedBytes} has: no empty piece, no two byte strings in a row. */
export function joinMasked(parts: Iterable<Uint8Array | Placeholder>): MaskedBytes {
  const joined: (Uint8Array | Placeholder)[] = [];
  let run: Uint8Array[] = [];
  const endRun = (): void => {
    const bytes = plainBytes(run);
    if (bytes !== undefined && bytes.length > 0) joined.push(bytes);
    run = [];
  };
  for (const part of parts) {
    if (part.length === 0) continue;
    if (isPlain(part)) {
      run.push(part);
      continue;
    }
    endRun();
    joined.push(part);
  }
  endRun();
  return joined;
}

/** Bytes in hex; placeholders by type and length, since their marks belong to one recording. */
export function maskedText(bytes: MaskedBytes): string {
  return bytes.map((piece) => (isPlain(piece) ? toHex(piece) : `{${piece.type}:${piece.length}}`)).join('');
}

/** Whether both have the same bytes, and placeholders of the same type, length and mark in the same places. */
export function equalMasked(a: MaskedBytes, b: MaskedBytes): boolean {
  return a.length === b.length && a.every((piece, index) => equalPiece(piece, b[index]));
}

function equalPiece(a: Uint8Array | Placeholder, b: Uint8Array | Placeholder | undefined): boolean {
  if (b === undefined || a.length !== b.length) return false;
  if (isPlain(a) || isPlain(b)) return isPlain(a) && isPlain(b) && equalBytes(a, b);
  return a.type === b.type && equalBytes(a.mark ?? NO_MARK, b.mark ?? NO_MARK);
}

const NO_MARK = new Uint8Array();

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
