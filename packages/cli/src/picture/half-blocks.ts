import { type GreyImage, pixelAt, scaledDown } from './grey-image.ts';

/** Room in the terminal, in character cells. */
export interface Cells {
  readonly columns: number;
  readonly rows: number;
}

/** Upper half block, U+2580: its colour is the upper pixel, the background the lower one. */
const UPPER_HALF = '\u2580';

const RESET = '\x1b[0m';

/**
 * The picture in characters, two pixels above each other in a cell, 24-bit colours (ECMA-48 SGR 38 and 48 with the
 * direct colour of ISO 8613-6). A cell is taken for twice as high as wide.
 */
export function halfBlocks(image: GreyImage, { columns, rows }: Cells): string {
  const scaled = scaledDown(image, columns, rows * 2);
  const lines: string[] = [];
  for (let y = 0; y < scaled.height; y += 2) {
    let line = '';
    for (let x = 0; x < scaled.width; x++) {
      const upper = pixelAt(scaled, x, y);
      const lower = pixelAt(scaled, x, y + 1);
      line += `\x1b[38;2;${grey(upper)};48;2;${grey(lower)}m${UPPER_HALF}`;
    }
    lines.push(`${line}${RESET}\n`);
  }
  return lines.join('');
}

function grey(level: number): string {
  return `${level};${level};${level}`;
}
