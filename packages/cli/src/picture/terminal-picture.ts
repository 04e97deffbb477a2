import type { GreyImage } from './grey-image.ts';
import { type Cells, halfBlocks } from './half-blocks.ts';
import { encodePng } from './png.ts';
import { sixels } from './sixel.ts';

/** How a terminal shows pictures; half blocks need no more than 24-bit colours. */
export type PictureProtocol = 'kitty' | 'iterm2' | 'sixel' | 'half-blocks';

/** A face needs no more rows of text than this to be recognised. */
const MAX_ROWS = 24;

/** Rows left for the words around the picture. */
const OTHER_ROWS = 3;

/** What is written to a terminal so that it shows the picture, and the cursor stands below it. */
export function terminalPicture(image: GreyImage, protocol: PictureProtocol, room: Cells): string {
  const rows = Math.max(8, Math.min(MAX_ROWS, room.rows - OTHER_ROWS));
  switch (protocol) {
    case 'kitty':
      return kitty(encodePng(image), rows);
    case 'iterm2':
      return iterm2(encodePng(image), rows);
    case 'sixel':
      return sixels(image);
    default:
      return halfBlocks(image, { columns: room.columns, rows });
  }
}

/** Most characters of base64 in one command of the kitty protocol. */
const KITTY_CHUNK = 4096;

/** Terminal graphics protocol of kitty: transmit PNG (f=100) and display at once (a=T), in chunks; answers off (q=2). */
function kitty(png: Uint8Array, rows: number): string {
  const base64 = Buffer.from(png).toString('base64');
  const chunks = base64.match(new RegExp(`.{1,${KITTY_CHUNK}}`, 'g')) ?? [];
  const commands = chunks.map((chunk, index) => {
    const more = `m=${index < chunks.length - 1 ? 1 : 0}`;
    const control = index === 0 ? `a=T,f=100,q=2,r=${rows},${more}` : more;
    return `\x1b_G${control};${chunk}\x1b\\`;
  });
  return `${commands.join('')}\n`;
}

/** Inline images protocol of iTerm2 (OSC 1337), also understood by WezTerm and others. */
function iterm2(png: Uint8Array, rows: number): string {
  const fields = `inline=1;size=${png.length};height=${rows};preserveAspectRatio=1`;
  return `\x1b]1337;File=${fields}:${Buffer.from(png).toString('base64')}\x07\n`;
}
