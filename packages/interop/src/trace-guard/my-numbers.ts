import { readTlvs } from '@jpki/iso7816';

const DIGITS = 12;

/** Deepest nesting of data objects that is looked into. */
const MAX_DEPTH = 8;

/**
 * The check digit of a 個人番号 (平成26年総務省令第85号, 第5条): `11 - (Σ Pn × Qn mod 11)`, 0 for a remainder
 * below 2. Pn is the n-th digit from the right without the check digit, Qn is n + 1 up to n = 6 and n - 5 after.
 *
 * @param digits the first eleven.
 */
export function checkDigit(digits: string): number {
  const sum = Array.from(digits, Number)
    .reverse()
    .reduce((total, digit, index) => total + digit * (index < 6 ? index + 2 : index - 4), 0);
  const remainder = sum % 11;
  return remainder <= 1 ? 0 : 11 - remainder;
}

function couldBeMyNumber(digits: string): boolean {
  return checkDigit(digits.slice(0, -1)) === Number(digits.at(-1));
}

/** Whether a text has a run of exactly twelve digits that somebody could have as 個人番号. Full-width digits count. */
export function hasMyNumber(text: string): boolean {
  const runs = text.normalize('NFKC').matchAll(/(?<!\d)\d{12}(?!\d)/g);
  return [...runs].some(([digits]) => couldBeMyNumber(digits));
}

/**
 * Whether bytes hold such a number: as ASCII or UTF-8 digits, as UTF-16 digits, in the object of the 券面事項入力補助AP
 * (`FF10 0C`) whatever follows it, or packed two digits in a byte where that is the whole of `bytes` or the whole value
 * of a data object. Packed digits in the middle of other bytes are not looked for: random bytes would be full of them.
 */
export function holdsMyNumber(bytes: Uint8Array): boolean {
  const texts = [Buffer.from(bytes).toString('utf8'), Buffer.from(bytes).toString('latin1')];
  return (
    texts.some(hasMyNumber) || hasWideDigits(bytes) || hasNumberObject(bytes) || hasPackedDigits(bytes, 0)
  );
}

/** Digits of two bytes each, either byte first. */
function hasWideDigits(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  return [/(?<!\0\d)(?:\0\d){12}(?!\0\d)/g, /(?<!\d\0)(?:\d\0){12}(?!\d\0)/g].some((pattern) =>
    [...text.matchAll(pattern)].some(([run]) => couldBeMyNumber(run.replaceAll('\0', ''))),
  );
}

/** `FF10 0C` and twelve digits, also where more digits follow. */
function hasNumberObject(bytes: Uint8Array): boolean {
  const all = Buffer.from(bytes);
  for (let at = all.indexOf('ff100c', 0, 'hex'); at >= 0; at = all.indexOf('ff100c', at + 1, 'hex')) {
    const digits = all.subarray(at + 3, at + 3 + DIGITS).toString('latin1');
    if (/^\d{12}$/.test(digits) && couldBeMyNumber(digits)) return true;
  }
  return false;
}

function hasPackedDigits(bytes: Uint8Array, depth: number): boolean {
  if (bytes.length === DIGITS / 2) {
    const digits = Buffer.from(bytes).toString('hex');
    return /^\d{12}$/.test(digits) && couldBeMyNumber(digits);
  }
  if (depth === MAX_DEPTH || bytes.length < 2) return false;
  return objectsIn(bytes).some(({ value }) => hasPackedDigits(value, depth + 1));
}

function objectsIn(bytes: Uint8Array): readonly { readonly value: Uint8Array }[] {
  try {
    return readTlvs(bytes);
  } catch {
    // No data objects.
    return [];
  }
}
