import { blob, ellipse, mirrored, type Paint, type Point, type Shape, stroke } from './raster.ts';

/** Size of the photo in pixels (card-protocol.md 5). */
export const WIDTH = 378;
export const HEIGHT = 472;

/** The middle of the face, left to right. */
export const AXIS = WIDTH / 2;

/** Points given as `x,y`, with x counted from the axis. */
export function at(points: string): Point[] {
  return points.split(' ').map((point) => {
    const [x = 0, y = 0] = point.split(',').map(Number);
    return [AXIS + x, y];
  });
}

const everywhere: Shape = () => -1000;
export const both = (shape: Shape): Shape => mirrored(shape, AXIS);

/** From `from` at the top to `to` at the bottom. */
const downwards = (from: number, to: number) => (_x: number, y: number) => from + ((to - from) * y) / HEIGHT;

export const BACKGROUND: Paint = { shape: everywhere, tone: downwards(216, 188) };

/** A face with cheeks `width` wide and a chin at `chin`. */
export function head(width: number, chin: number): Shape {
  const right: Point[] = [
    [AXIS + 52, 118],
    [AXIS + width - 4, 180],
    [AXIS + width, 226],
    [AXIS + width - 16, 280],
    [AXIS + 44, chin - 17],
  ];
  const left = right.map(([x, y]): Point => [2 * AXIS - x, y]).reverse();
  return blob([AXIS, 102], ...right, [AXIS, chin], ...left);
}

const SKIN = 241;
const SKIN_SHADE = 214;

export function headAndNeck(face: Shape, ears: number): Paint[] {
  const neck = blob(...at('-37,270 37,270 39,372 0,420 -39,372'));
  const ear = both(ellipse([AXIS + ears, 238], [15, 25]));
  return [
    { shape: neck, tone: SKIN - 8 },
    { shape: ellipse([AXIS, 318], [62, 36]), tone: SKIN_SHADE - 14, edge: 22, within: neck },
    { shape: ear, tone: SKIN - 8 },
    {
      shape: both(stroke([1, 2, 1], [AXIS + ears + 3, 224], [AXIS + ears + 7, 236], [AXIS + ears, 250])),
      tone: 190,
    },
    { shape: face, tone: SKIN },
    { shape: (x, y) => -face(x, y) - 6, tone: SKIN_SHADE, edge: 26, opacity: 0.6, within: face },
  ];
}

interface Features {
  readonly eyes: Point;
  readonly eyeHeight: number;
  readonly brow: number;
  readonly lashes: boolean;
  readonly mouth: number;
  readonly laughs: boolean;
}

function eyes({ eyes: [apart, height], eyeHeight, lashes }: Features): Paint[] {
  const centre: Point = [AXIS + apart, height];
  const iris = ellipse(centre, [13, eyeHeight]);
  const white = ellipse([AXIS + apart, height + 1], [17, eyeHeight - 2]);
  const lid: Point[] = [
    [AXIS + apart - 17, height - eyeHeight + 6],
    [AXIS + apart - 2, height - eyeHeight - 3],
    [AXIS + apart + 16, height - eyeHeight + 6],
  ];
  const sparkle = (side: 1 | -1): Paint[] => [
    { shape: ellipse([AXIS + side * apart - 4, height - 6], [4, 4.5]), tone: 255 },
    { shape: ellipse([AXIS + side * apart + 4, height + 6], [2, 2]), tone: 200 },
  ];
  const outer: Paint[] = lashes
    ? [
        {
          shape: both(
            stroke(
              [2.5, 1.5, 0.5],
              [AXIS + apart + 14, height - eyeHeight + 5],
              [AXIS + apart + 22, height - eyeHeight - 1],
            ),
          ),
          tone: 42,
        },
      ]
    : [];
  return [
    { shape: both(white), tone: 252 },
    { shape: both(iris), tone: 58 },
    {
      shape: both(ellipse([AXIS + apart, height + 5], [8, eyeHeight - 7])),
      tone: 96,
      edge: 5,
      within: both(iris),
    },
    ...sparkle(1),
    ...sparkle(-1),
    { shape: both(stroke([1.5, 3.6, 1.8], ...lid)), tone: 42 },
    ...outer,
  ];
}

/** A closed mouth with its corners up, and the shade of a lower lip. */
function smile(y: number): Paint[] {
  const line: Point[] = [
    [AXIS - 27, y],
    [AXIS - 14, y + 8],
    [AXIS, y + 11],
    [AXIS + 14, y + 8],
    [AXIS + 27, y],
  ];
  return [
    { shape: ellipse([AXIS, y + 13], [15, 7]), tone: 178, edge: 3 },
    { shape: stroke([1, 2.6, 1], ...line), tone: 84 },
    { shape: both(stroke([0.6, 1.5, 0.6], [AXIS + 25, y - 4], [AXIS + 31, y])), tone: 160 },
  ];
}

/** An open mouth: a half moon with teeth above and a tongue below. */
function laugh(y: number): Paint[] {
  const upperLip: Shape = (x, py) => y + 3 - ((x - AXIS) / 26) ** 2 * 4 - py;
  const moon = ellipse([AXIS, y], [26, 23]);
  const open: Shape = (x, py) => Math.max(moon(x, py), upperLip(x, py));
  return [
    { shape: open, tone: 84 },
    { shape: (x, py) => -upperLip(x, py) - 7, tone: 252, within: open },
    { shape: ellipse([AXIS, y + 25], [15, 9]), tone: 150, edge: 3, within: open },
  ];
}

export function features(look: Features, brows: number): Paint[] {
  const [apart, height] = look.eyes;
  const brow: Point[] = [
    [AXIS + apart - 20, height - look.brow - 1],
    [AXIS + apart, height - look.brow - 6],
    [AXIS + apart + 22, height - look.brow + 4],
  ];
  return [
    {
      shape: both(ellipse([AXIS + apart + 12, look.mouth - 21], [21, 13])),
      tone: 205,
      edge: 22,
      opacity: 0.75,
    },
    ...eyes(look),
    { shape: both(stroke([2.4, 3.4, 1], ...brow)), tone: brows },
    {
      shape: stroke(
        [0.8, 1.8, 0.8],
        [AXIS - 8, look.mouth - 28],
        [AXIS, look.mouth - 23],
        [AXIS + 8, look.mouth - 28],
      ),
      tone: 176,
    },
    ...(look.laughs ? laugh(look.mouth) : smile(look.mouth)),
  ];
}
