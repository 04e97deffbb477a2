import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import type { GreyImage } from './grey-image.ts';
import { decodeTextImage, inkOutline } from './ink-outline.ts';

/** A drawing of `#` for ink. */
function drawing(...rows: readonly string[]): GreyImage {
  const pixels = rows.flatMap((row) => [...row].map((sign) => (sign === '#' ? 0 : 255)));
  return { width: rows[0]?.length ?? 0, height: rows.length, pixels: Uint8Array.from(pixels) };
}

/** A drawing as the card keeps text: 1-bit greyscale PNG. */
function textImage(image: GreyImage): Uint8Array {
  const png = new PNG({ width: image.width, height: image.height });
  image.pixels.forEach((level, at) => {
    png.data.fill(level, at * 4, at * 4 + 3);
    png.data[at * 4 + 3] = 255;
  });
  return PNG.sync.write(png, { colorType: 0 });
}

/** The closed lines of a path, as corners. */
function loops(path: string): [number, number][][] {
  return path
    .split('Z')
    .filter((loop) => loop !== '')
    .map((loop) =>
      loop
        .slice(1)
        .split('L')
        .map((point) => {
          const [x = Number.NaN, y = Number.NaN] = point.split(' ').map(Number);
          return [x, y];
        }),
    );
}

/** Whether a point is inside an odd number of loops. */
function isInside(path: string, x: number, y: number): boolean {
  let crossings = 0;
  for (const loop of loops(path)) {
    loop.forEach(([x1, y1], at) => {
      const [x2, y2] = loop[(at + 1) % loop.length] ?? [x1, y1];
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) * (x2 - x1)) / (y2 - y1)) crossings++;
    });
  }
  return crossings % 2 === 1;
}

describe('the outline of ink', () => {
  it.each([
    [['#']],
    [['..', '..']],
    [['####', '#..#', '####']],
    [['#.', '.#']],
    [['.#.', '#.#', '.#.']],
    [['.#..#', '#####', '.#.#.', '###.#']],
  ])('of %j has every pixel of ink inside and every other outside', (rows) => {
    const image = drawing(...rows);
    const path = inkOutline(image);
    rows.forEach((row, y) => {
      [...row].forEach((sign, x) => {
        expect(isInside(path, x + 0.51, y + 0.49)).toBe(sign === '#');
      });
    });
  });

  it('holds slanted strokes together, and keeps holes', () => {
    expect(loops(inkOutline(drawing('#..', '.#.', '..#')))).toHaveLength(1);
    expect(loops(inkOutline(drawing('###', '#.#', '###')))).toHaveLength(2);
    expect(inkOutline(drawing('...'))).toBe('');
  });
});

describe('a text image', () => {
  it('is decoded to its ink', () => {
    const image = drawing('#.#.', '.##.');
    expect(decodeTextImage(textImage(image))).toEqual(image);
  });

  it('that is no PNG, huge or damaged is refused', () => {
    const good = textImage(drawing('#.#.'));
    const huge = Buffer.from(good);
    huge.writeUInt32BE(1 << 20, 16);
    const damaged = Buffer.from(good);
    damaged[45] = (damaged[45] ?? 0) ^ 0xff;
    for (const bytes of [new Uint8Array(), Buffer.from('GIF89a'), good.subarray(0, 30), huge, damaged])
      expect(() => decodeTextImage(bytes)).toThrow(
        expect.objectContaining({ code: 'ERR_CARD_DATA_INVALID' }),
      );
  });
});
