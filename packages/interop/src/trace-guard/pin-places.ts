import { isPlain, type MaskedBytes, type Placeholder } from '@jpki/trace';

/** CLA, INS, P1, P2. */
const HEADER = 4;

/**
 * Instructions whose data opens something, by their even form: VERIFY, CHANGE REFERENCE DATA, DISABLE and ENABLE
 * VERIFICATION REQUIREMENT, RESET RETRY COUNTER, CHANGE KEY of JICSAP; ENVELOPE, which may carry any of them; SET SESSION
 * KEY of this card (card-protocol.md 3.5, 4.5; ISO/IEC 7816-4:2020, 11.6, 11.8.2).
 */
const SECRET_INSTRUCTIONS: ReadonlySet<number> = new Set([0x20, 0x24, 0x26, 0x28, 0x2c, 0x32, 0xae, 0xc2]);

/**
 * Whether a command shows bytes where a PIN may stand: under every class byte, so also chained, on other channels and under
 * secure messaging, and however its length fields are written. Allowed are a placeholder with the length that Lc says,
 * and a question without data.
 */
export function showsPin(bytes: MaskedBytes): boolean {
  const [header, ...rest] = bytes;
  // Without an instruction in the clear nobody knows what it is.
  if (header === undefined || !isPlain(header) || header.length < 2) return true;
  if (!SECRET_INSTRUCTIONS.has((header[1] ?? 0) & 0xfe)) return false;
  const lengthField = header.subarray(HEADER);
  const last = rest.at(-1);
  const trailer = last !== undefined && isPlain(last) ? last : new Uint8Array();
  const placeholders = rest.slice(0, trailer.length > 0 ? -1 : rest.length);
  if (placeholders.length === 0) return !asksOnly(lengthField);
  if (!placeholders.every(isPinOrKey)) return true;
  const length = placeholders.reduce((sum, one) => sum + one.length, 0);
  return !(isLengthOf(lengthField, length) && isLe(trailer));
}

/** No data: nothing after P2, or an Le alone. */
function asksOnly(field: Uint8Array): boolean {
  return field.length <= 1 || (field.length === 3 && field[0] === 0);
}

/** Lc in short or extended form; or none, where the whole rest of a malformed command is masked. */
function isLengthOf(field: Uint8Array, length: number): boolean {
  if (field.length === 0) return true;
  if (field.length === 1) return field[0] === length;
  return field.length === 3 && field[0] === 0 && (((field[1] ?? 0) << 8) | (field[2] ?? 0)) === length;
}

/** Le that asks for all there is. Any other could be the last digits of a PIN. */
function isLe(trailer: Uint8Array): boolean {
  return trailer.length <= 2 && trailer.every((byte) => byte === 0);
}

function isPinOrKey(piece: Uint8Array | Placeholder): piece is Placeholder {
  return !isPlain(piece) && (piece.type === 'pin' || piece.type === 'data');
}
