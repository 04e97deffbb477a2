/** A picture of one component: rows from the top, one byte a pixel, 0 black to 255 white. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** The brightness at a place; the nearest pixel outside the picture. */
export function pixelAt({ width, height, pixels }: GreyImage, x: number, y: number): number {
  const column = Math.min(Math.max(x, 0), width - 1);
  const row = Math.min(Math.max(y, 0), height - 1);
  return pixels[row * width + column] ?? 0;
}

/** The picture in another size; each new pixel is the mean of those it covers. Never larger than it was. */
export function scaledDown(image: GreyImage, maxWidth: number, maxHeight: number): GreyImage {
  const factor = Math.min(1, maxWidth / image.width, maxHeight / image.height);
  const width = Math.max(1, Math.round(image.width * factor));
  const height = Math.max(1, Math.round(image.height * factor));
  if (width === image.width && height === image.height) return image;
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const rows = spanOf(y, height, image.height);
    for (let x = 0; x < width; x++)
      pixels[y * width + x] = meanOf(image, spanOf(x, width, image.width), rows);
  }
  return { width, height, pixels };
}

interface Span {
  readonly from: number;
  /** Exclusive; at least one after `from`. */
  readonly to: number;
}

/** The old pixels that one of `count` new ones covers. */
function spanOf(index: number, count: number, size: number): Span {
  const from = Math.floor((index * size) / count);
  return { from, to: Math.max(from + 1, Math.floor(((index + 1) * size) / count)) };
}

function meanOf(image: GreyImage, columns: Span, rows: Span): number {
  let sum = 0;
  for (let y = rows.from; y < rows.to; y++)
    for (let x = columns.from; x < columns.to; x++) sum += pixelAt(image, x, y);
  return Math.round(sum / ((columns.to - columns.from) * (rows.to - rows.from)));
}
