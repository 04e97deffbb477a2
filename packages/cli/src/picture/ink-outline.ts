import { CardDataInvalidError } from '@jpki/applets';
import { PNG } from 'pngjs';
import type { GreyImage } from './grey-image.ts';
import { pngSize } from './png-header.ts';

/** The text images of a card have a few hundred bytes (card-protocol.md 5). */
const MAX_BYTES = 16_384;

/** Anything darker is ink. */
const INK = 128;

/**
 * A text image of the card: 1-bit PNG, 0 for black.
 *
 * @throws {CardDataInvalidError} when it is no PNG, larger than a card's can be, or damaged.
 */
export function decodeTextImage(bytes: Uint8Array): GreyImage {
  const { width, height } = pngSize(bytes);
  if (bytes.length > MAX_BYTES) throw new CardDataInvalidError('an image on the card has too many bytes');
  try {
    const { data } = PNG.sync.read(Buffer.from(bytes));
    return {
      width,
      height,
      pixels: Uint8Array.from({ length: width * height }, (_, at) => data[at * 4] ?? 0),
    };
  } catch (error) {
    throw new CardDataInvalidError('an image on the card is damaged', error);
  }
}

/** A step along the edge of the ink, which lies on its right; corners are numbered row by row. */
interface Edge {
  readonly from: number;
  readonly to: number;
}

/**
 * The ink of a text image as an SVG path in units of pixels. The outline runs through the middles of the pixels' edges,
 * so that stairs become slopes, and characters of twelve pixels can be shown large.
 */
export function inkOutline(image: GreyImage): string {
  const stride = image.width + 1;
  const next = new Map<number, Edge[]>();
  for (const edge of edgesOf(image)) next.set(edge.from, [...(next.get(edge.from) ?? []), edge]);
  const follow = (last: Edge) => following(last, next.get(last.to) ?? [], image);
  let path = '';
  // A line begins at a corner where there is no choice, since nobody chooses when it comes back there.
  const starts = [...next.values()].sort((one, other) => one.length - other.length);
  for (const choices of starts) {
    for (let first = choices.pop(); first !== undefined; first = choices.pop()) {
      const points: string[] = [];
      for (let edge: Edge | undefined = first; edge !== undefined; edge = follow(edge)) {
        const { from, to } = edge;
        const y = (Math.floor(from / stride) + Math.floor(to / stride)) / 2;
        points.push(`${((from % stride) + (to % stride)) / 2} ${y}`);
        if (to === first.from) break;
      }
      path += `M${points.join('L')}Z`;
    }
  }
  return path;
}

/** The edge that goes on where one ends, taken out of the choices. There are two where pixels touch at a corner alone. */
function following({ from, to }: Edge, choices: Edge[], image: GreyImage): Edge | undefined {
  if (choices.length < 2) return choices.pop();
  const stride = image.width + 1;
  const direction = to - from;
  const left = Math.abs(direction) === 1 ? -direction * stride : Math.sign(direction);
  // To the left lies the other pixel: a slanted stroke. To the right the outline closes around this one.
  const goesLeft = isInkRare(image, to % stride, Math.floor(to / stride));
  const index = choices.findIndex((edge) => (edge.to - edge.from === left) === goesLeft);
  return choices.splice(index, 1)[0];
}

/** How far around a corner is looked to tell thin strokes on paper from small gaps in ink, in pixels. */
const REACH = 2;

/** Whether there is less ink than paper around a corner: what is rare is what was meant to hold together. */
function isInkRare(image: GreyImage, x: number, y: number): boolean {
  let balance = 0;
  for (let row = y - REACH; row < y + REACH; row++)
    for (let column = x - REACH; column < x + REACH; column++) balance += isInk(image, column, row) ? 1 : -1;
  return balance <= 0;
}

function isInk({ width, height, pixels }: GreyImage, x: number, y: number): boolean {
  return x >= 0 && y >= 0 && x < width && y < height && (pixels[y * width + x] ?? 255) < INK;
}

/** Every edge between ink and paper. */
function edgesOf(image: GreyImage): Edge[] {
  const stride = image.width + 1;
  const edges: Edge[] = [];
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      if (!isInk(image, x, y)) continue;
      const [topLeft, topRight] = [y * stride + x, y * stride + x + 1];
      const [bottomLeft, bottomRight] = [topLeft + stride, topRight + stride];
      if (!isInk(image, x, y - 1)) edges.push({ from: topLeft, to: topRight });
      if (!isInk(image, x + 1, y)) edges.push({ from: topRight, to: bottomRight });
      if (!isInk(image, x, y + 1)) edges.push({ from: bottomRight, to: bottomLeft });
      if (!isInk(image, x - 1, y)) edges.push({ from: bottomLeft, to: topLeft });
    }
  }
  return edges;
}
