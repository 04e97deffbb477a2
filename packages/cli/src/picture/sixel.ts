import { type GreyImage, pixelAt } from './grey-image.ts';

/** Levels of grey: few enough for the colour registers of every terminal of today, which have 256 or more. */
const LEVELS = 64;

/** Rows of pixels in a band of sixels. */
const BAND = 6;

/** Enters sixel mode with square pixels, background left alone (VT330/VT340 Programmer Reference, volume 2, chapter 14). */
const ENTER = '\x1bP0;1q';
const LEAVE = '\x1b\\';

/** The picture as sixels, 64 levels of grey. */
export function sixels(image: GreyImage): string {
  const registers = Array.from({ length: LEVELS }, (_, level) => {
    const percent = Math.round((level * 100) / (LEVELS - 1));
    return `#${level};2;${percent};${percent};${percent}`;
  });
  const bands: string[] = [];
  for (let top = 0; top < image.height; top += BAND) bands.push(band(image, top));
  return `${ENTER}"1;1;${image.width};${image.height}${registers.join('')}${bands.join('-')}-${LEAVE}\n`;
}

/** One band: for each level in it the pixels that have it, written over each other (`$` goes back to the left). */
function band(image: GreyImage, top: number): string {
  const masks = new Map<number, Uint8Array>();
  for (let y = top; y < Math.min(top + BAND, image.height); y++) {
    for (let x = 0; x < image.width; x++) {
      const level = Math.round((pixelAt(image, x, y) * (LEVELS - 1)) / 255);
      const mask = masks.get(level) ?? new Uint8Array(image.width);
      mask[x] = (mask[x] ?? 0) | (1 << (y - top));
      masks.set(level, mask);
    }
  }
  return [...masks].map(([level, mask]) => `#${level}${runs(mask)}`).join('$');
}

/** Sixels of one colour, repeated ones as `!COUNT`. */
function runs(mask: Uint8Array): string {
  let text = '';
  for (let x = 0; x < mask.length; ) {
    let end = x + 1;
    while (end < mask.length && mask[end] === mask[x]) end++;
    const sixel = String.fromCharCode(0x3f + (mask[x] ?? 0));
    text += end - x > 3 ? `!${end - x}${sixel}` : sixel.repeat(end - x);
    x = end;
  }
  return text;
}
