/** A point or a pair of radii, in pixels. */
export type Point = readonly [x: number, y: number];

/** Signed distance to an outline in pixels, negative inside: what every shape is here. */
export type Shape = (x: number, y: number) => number;

/** A grey (0 black, 255 white), the same everywhere or by place. */
export type Tone = number | ((x: number, y: number) => number);

/** One layer of paint. */
export interface Paint {
  readonly shape: Shape;
  readonly tone: Tone;
  /** Width of the edge in pixels: 1 is sharp, more is soft. */
  readonly edge?: number;
  /** From 0 to 1. */
  readonly opacity?: number;
  /** Paint only inside this shape. */
  readonly within?: Shape;
}

export function ellipse([cx, cy]: Point, [rx, ry]: Point): Shape {
  return (x, y) => {
    const [u, v] = [(x - cx) / rx, (y - cy) / ry];
    const gradient = Math.hypot(u / rx, v / ry);
    const length = Math.hypot(u, v);
    return gradient === 0 ? -Math.min(rx, ry) : (length * (length - 1)) / gradient;
  };
}

/** The shape and its mirror image across the vertical line at `axis`. */
export function mirrored(shape: Shape, axis: number): Shape {
  return (x, y) => Math.min(shape(x, y), shape(2 * axis - x, y));
}

/** A closed smooth outline through the points. */
export function blob(...points: readonly Point[]): Shape {
  const corners = spline([...points], true);
  const box = boundsOf(corners);
  return (x, y) => {
    const away = box(x, y);
    if (away > FAR) return away;
    let inside = false;
    let nearest = Number.POSITIVE_INFINITY;
    let [px, py] = corners.at(-1) ?? [0, 0];
    for (const [cx, cy] of corners) {
      nearest = Math.min(nearest, toSegment(x, y, px, py, cx, cy));
      if (cy > y !== py > y && x < ((px - cx) * (y - cy)) / (py - cy) + cx) inside = !inside;
      [px, py] = [cx, cy];
    }
    return inside ? -nearest : nearest;
  };
}

/** A smooth brush stroke through the points; its half width goes from `from` through `middle` to `to`. */
export function stroke(
  width: readonly [from: number, middle: number, to: number],
  ...points: readonly Point[]
): Shape {
  const places = spline([...points], false);
  const box = boundsOf(places);
  const [from, middle, to] = width;
  return (x, y) => {
    const away = box(x, y) - Math.max(...width);
    if (away > FAR) return away;
    let nearest = Number.POSITIVE_INFINITY;
    for (const [index, [cx, cy]] of places.entries()) {
      const [px, py] = places[index - 1] ?? [cx, cy];
      const along = index / (places.length - 1);
      const half =
        along < 0.5 ? from + (middle - from) * 2 * along : middle + (to - middle) * (2 * along - 1);
      nearest = Math.min(nearest, toSegment(x, y, px, py, cx, cy) - half);
    }
    return nearest;
  };
}

/** From here on, in pixels, no edge is soft enough for the outline to matter. */
const FAR = 30;

/** Distance to the box around the points; never more than that to the points. */
function boundsOf(points: readonly Point[]): Shape {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return (x, y) => Math.max(left - x, x - right, top - y, y - bottom);
}

function toSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** Points between one corner and the next. */
const STEPS = 12;

/** A Catmull-Rom spline as a line of many short pieces. */
function spline(points: readonly Point[], closed: boolean): Point[] {
  const last = points.length - 1;
  const at = (index: number): Point =>
    points[closed ? (index + points.length) % points.length : Math.min(last, Math.max(0, index))] ?? [0, 0];
  const pieces = closed ? points.length : last;
  const line: Point[] = [];
  for (let piece = 0; piece < pieces; piece++) {
    const [a, b, c, d] = [at(piece - 1), at(piece), at(piece + 1), at(piece + 2)];
    for (let step = 0; step < STEPS; step++) line.push(between(a, b, c, d, step / STEPS));
  }
  if (!closed) line.push(at(last));
  return line;
}

function between(a: Point, b: Point, c: Point, d: Point, t: number): Point {
  const value = (i: 0 | 1): number =>
    b[i] +
    0.5 *
      t *
      (c[i] - a[i] + t * (2 * a[i] - 5 * b[i] + 4 * c[i] - d[i] + t * (3 * (b[i] - c[i]) + d[i] - a[i])));
  return [value(0), value(1)];
}

/** Paints the layers one over the other. @returns rows of grey bytes. */
export function paint(width: number, height: number, layers: readonly Paint[]): Uint8Array {
  const picture = new Float64Array(width * height).fill(255);
  for (const layer of layers) {
    for (let index = 0; index < picture.length; index++) {
      const [x, y] = [(index % width) + 0.5, Math.floor(index / width) + 0.5];
      const cover = coverage(layer, x, y);
      if (cover === 0) continue;
      const tone = typeof layer.tone === 'number' ? layer.tone : layer.tone(x, y);
      picture[index] = (picture[index] ?? 0) * (1 - cover) + tone * cover;
    }
  }
  return Uint8Array.from(picture, (grey) => Math.round(Math.min(255, Math.max(0, grey))));
}

function coverage({ shape, edge = 1, opacity = 1, within }: Paint, x: number, y: number): number {
  const sharp = Math.min(1, Math.max(0, 0.5 - shape(x, y) / edge));
  if (sharp === 0) return 0;
  const soft = edge > 1 ? sharp * sharp * (3 - 2 * sharp) : sharp;
  const inside = within === undefined ? 1 : Math.min(1, Math.max(0, 0.5 - within(x, y)));
  return soft * opacity * inside;
}
