import { PNG } from 'pngjs';
import type { GreyImage } from './grey-image.ts';

/** Colour type 0 of PNG (ISO/IEC 15948, 11.2.2). */
const GREYSCALE = 0;

/** A picture as PNG, 8-bit greyscale. */
export function encodePng({ width, height, pixels }: GreyImage): Uint8Array {
  const png = new PNG({
    width,
    height,
    colorType: GREYSCALE,
    inputColorType: GREYSCALE,
    inputHasAlpha: false,
    bitDepth: 8,
  });
  png.data = Buffer.from(pixels);
  return PNG.sync.write(png, {
    colorType: GREYSCALE,
    inputColorType: GREYSCALE,
    inputHasAlpha: false,
    bitDepth: 8,
  });
}
