import { keyIdText } from '@jpki/applets';
import { toHex } from '@jpki/iso7816';
import type { PlaceholderType } from '../model.ts';
import { harmless, shortened } from './display-text.ts';
import type { MaskedContent } from './masked-content.ts';
import { byteCount, type Wording, type Words, wording } from './wording.ts';

/** Longest text and most bytes in hex of one value. */
const MAX_CHARACTERS = 80;
const MAX_HEX_BYTES = 32;

/** Most pieces, clear and hidden, of one value. */
const MAX_PIECES = 8;

const HIDDEN: Readonly<Record<PlaceholderType, Words>> = {
  pin: { ja: '暗証番号', en: 'PIN' },
  personal: '個人番号など',
  certificate: '電子証明書',
  signature: { ja: '署名値', en: 'signature' },
  data: { ja: 'データ', en: 'data' },
};

/** `[署名値 256 bytes, not recorded]`; `name` says better than the type what it was: 個人番号. */
export function hiddenText(type: PlaceholderType, length: number, name?: Words): Wording {
  const count = byteCount(length);
  const what = wording`${name ?? HIDDEN[type]} `;
  return { ja: `[${what.ja}${count.ja}、記録なし]`, en: `[${what.en}${count.en}, not recorded]` };
}

/** The bytes from `start` to before `end` in one line: text where it is text, else hex. */
export function valueText(content: MaskedContent, start: number, end: number, name?: Words): Words {
  if (content.isClear(start, end)) return clearText(content.bytes.subarray(start, end));
  const pieces = content.pieces(start, end, MAX_PIECES + 1);
  const shown = pieces.slice(0, MAX_PIECES).map((piece) => {
    return piece instanceof Uint8Array
      ? hexText(piece)
      : hiddenText(piece.type, piece.end - piece.start, name);
  });
  if (pieces.length > MAX_PIECES) shown.push('…');
  return shown.reduce((text, piece) => wording`${text} ${piece}`);
}

/** Known bytes in one line. */
export function clearText(bytes: Uint8Array): Words {
  if (bytes.length === 0) return { ja: '空', en: 'empty' };
  return known(bytes) ?? text(bytes) ?? hexText(bytes);
}

/** Bytes in hex; of many the first ones, and their number. */
function hexText(bytes: Uint8Array): Words {
  if (bytes.length <= MAX_HEX_BYTES) return toHex(bytes);
  return wording`${toHex(bytes.subarray(0, MAX_HEX_BYTES / 2))}… (${byteCount(bytes.length)})`;
}

/** Text of the bytes if they are UTF-8 that can be shown. */
function text(bytes: Uint8Array): string | undefined {
  if (bytes.length > 4 * MAX_CHARACTERS) return undefined;
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (/[\p{C}\ufffd]/u.test(decoded)) return undefined;
    const shown = shortened(harmless(decoded), MAX_CHARACTERS);
    // Text that could be taken for hex stands in quotes.
    return /^[0-9A-F]+$/i.test(shown) ? `"${shown}"` : shown;
  } catch {
    return undefined;
  }
}

/** Beginnings of the pictures on the card: PNG (RFC 2083, 3.1) and JPEG 2000 (ISO/IEC 15444-1, I.5.1). */
const PICTURES: readonly (readonly [string, string])[] = [
  ['89504E470D0A1A0A', 'PNG'],
  ['0000000C6A5020200D0A870A', 'JPEG 2000'],
];

function known(bytes: Uint8Array): Words | undefined {
  const start = toHex(bytes.subarray(0, 16));
  // A key id: 7 digits, 08 05, 3 digits, 4 bytes (card-protocol.md 4.4).
  if (bytes.length === 16 && /^(?:3\d){7}0805(?:3\d){3}/.test(start)) return `${keyIdText(bytes)}`;
  const picture = PICTURES.find(([magic]) => start.startsWith(magic));
  if (picture !== undefined) return wording`${picture[1]}, ${byteCount(bytes.length)}`;
  // The card's own form of a public key: exponent 90, modulus 91 (card-protocol.md 4.4).
  if (/^9003010001918201/.test(start)) return `RSA ${8 * (bytes.length - 9)}`;
  return undefined;
}
