import type { GreyImage } from '../src/picture/grey-image.ts';

/** The control characters of a terminal as signs that a regular expression may hold. */
export function visible(text: string): string {
  return text.replaceAll('\u001b', '␛').replaceAll('\u0007', '␇');
}

/** The first sixel picture in a text, as a terminal paints it. */
export function decodeSixels(text: string): GreyImage {
  const [, columns = '', lines = '', body = ''] =
    /␛P0;1q"1;1;(\d+);(\d+)([^␛]*)␛\\/.exec(visible(text)) ?? [];
  const [width, height] = [Number(columns), Number(lines)];
  const pixels = new Uint8Array(width * height).fill(1);
  const registers = new Map<number, number>();
  let [colour, x, top] = [0, 0, 0];
  for (const [token] of body.matchAll(/#\d+;2;\d+;\d+;\d+|#\d+|!\d+[?-~]|[?-~]|\$|-/g)) {
    const numbers = (token.match(/\d+/g) ?? []).map(Number);
    if (token === '$') x = 0;
    else if (token === '-') [x, top] = [0, top + 6];
    else if (numbers.length > 2) registers.set(numbers[0] ?? 0, Math.round(((numbers[2] ?? 0) * 255) / 100));
    else if (token.startsWith('#')) colour = registers.get(numbers[0] ?? -1) ?? 1;
    else {
      const bits = token.charCodeAt(token.length - 1) - 0x3f;
      for (let count = numbers[0] ?? 1; count > 0; count--, x++)
        for (let bit = 0; bit < 6; bit++) if (bits & (1 << bit)) pixels[(top + bit) * width + x] = colour;
    }
  }
  return { width, height, pixels };
}
