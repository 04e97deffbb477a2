import { type CommandHeader, decodeCommand } from '@jpki/iso7816';
import { isPlain, maskedLength, sliceMasked } from '../masked-bytes.ts';
import type { MaskedBytes } from '../model.ts';
import { TraceLimit } from '../text/grammar.ts';

/** A command APDU whose data may be masked. */
export interface MaskedCommand extends CommandHeader {
  /** Command data field; empty where there is none. */
  readonly data: MaskedBytes;
  /** Most response bytes wanted, 1 to 65,536; absent where none are. */
  readonly le?: number;
  /** The length fields are extended ones. */
  readonly extended: boolean;
}

/** Reads a command; `undefined` when its header is masked, or its length fields are or do not fit. */
export function readMaskedCommand(bytes: MaskedBytes): MaskedCommand | undefined {
  const length = maskedLength(bytes);
  if (length > TraceLimit.APDU) return undefined;
  // Length fields are read with zeros where placeholders stand; they count only where the real bytes are known.
  const known = new Uint8Array(length);
  let at = 0;
  for (const piece of bytes) {
    if (isPlain(piece)) known.fill(1, at, at + piece.length);
    at += piece.length;
  }
  const decoded = decodedOrNot(filled(bytes, length));
  if (decoded === undefined) return undefined;
  const { cla, ins, p1, p2, le } = decoded;
  const extended = decoded.extended === true;
  const nc = decoded.data?.length ?? 0;
  const start = nc === 0 ? length : extended ? 7 : 5;
  const structure = [known.subarray(0, start), known.subarray(start + nc)];
  if (structure.some((part) => part.includes(0))) return undefined;
  const data = sliceMasked(bytes, start, start + nc);
  return { cla, ins, p1, p2, data, extended, ...(le !== undefined && { le }) };
}

/** The bytes with zeros for placeholders. A command that is all bytes is not copied: it may hold a PIN. */
function filled(bytes: MaskedBytes, length: number): Uint8Array {
  const [only, ...more] = bytes;
  if (only !== undefined && isPlain(only) && more.length === 0) return only;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of bytes) {
    if (isPlain(piece)) all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function decodedOrNot(bytes: Uint8Array): ReturnType<typeof decodeCommand> | undefined {
  try {
    return decodeCommand(bytes);
  } catch {
    return undefined;
  }
}
