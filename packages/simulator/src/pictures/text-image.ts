import { DIGIT_GLYPHS, WIDE_GLYPHS } from './glyphs.ts';
import { encodePng } from './png.ts';

/** Height of every text image, and width of a full-width cell, in pixels (card-protocol.md 5). */
const CELL = 12;

/** Width of a digit's cell in the two number images, in pixels (card-protocol.md 5). */
const DIGIT_CELL = 6;

/** Cells of the canvas of name and address; what is left is white (test-card/README.md). */
const CANVAS = { name: 18, address: 24 } as const;

/** Printed for a character that has no glyph: 〓 is the printers' own mark for that. */
const NO_GLYPH = '〓';

/** How far a full-width letter or digit is from its ASCII form. */
const FULL_WIDTH = 0xfee0;

/**
 * A name or an address, one line in cells of 12 pixels: a PNG 216 or 288 pixels wide, wider where the text is. Letters
 * are shown full width; what has no glyph is shown as 〓.
 */
export function textImage(text: string, kind: keyof typeof CANVAS): Uint8Array {
  const characters = [...text];
  const width = Math.max(CANVAS[kind], characters.length) * CELL;
  return line(characters.map(wideGlyph), { cell: CELL, digitsPerRow: 3, width });
}

/** A number in cells of 6 pixels: セキュリティコード (24 pixels wide) and 個人番号 (72). */
export function numberImage(digits: string): Uint8Array {
  const glyphs = [...digits].map((digit) => DIGIT_GLYPHS.get(digit));
  return line(glyphs, { cell: DIGIT_CELL, digitsPerRow: 2, width: digits.length * DIGIT_CELL });
}

function wideGlyph(character: string): string | undefined {
  if (character === ' ' || character === '\u3000') return undefined;
  const code = character.codePointAt(0) ?? 0;
  const wide = code > 0x20 && code < 0x7f ? String.fromCodePoint(code + FULL_WIDTH) : character;
  return WIDE_GLYPHS.get(wide) ?? WIDE_GLYPHS.get(NO_GLYPH);
}

interface Layout {
  /** Width of a cell in pixels. */
  readonly cell: number;
  /** Hexadecimal digits of one row of a glyph. */
  readonly digitsPerRow: number;
  /** Of the whole image, in pixels. */
  readonly width: number;
}

function line(glyphs: readonly (string | undefined)[], { cell, digitsPerRow, width }: Layout): Uint8Array {
  const ink = (x: number, y: number) => {
    const row = glyphs[Math.floor(x / cell)]?.slice(y * digitsPerRow, (y + 1) * digitsPerRow);
    if (row === undefined) return false;
    return ((Number.parseInt(row, 16) >> (4 * digitsPerRow - 1 - (x % cell))) & 1) === 1;
  };
  return encodePng({ width, height: CELL, ink });
}
