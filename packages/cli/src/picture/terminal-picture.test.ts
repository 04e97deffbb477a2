import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { decodeSixels, visible } from '../../test/terminal-text.ts';
import { type GreyImage, scaledDown } from './grey-image.ts';
import { encodePng } from './png.ts';
import { protocolFromAnswer, protocolFromEnvironment } from './terminal-kind.ts';
import { terminalPicture } from './terminal-picture.ts';

const room = { columns: 80, rows: 24 };

/** A picture with all levels of grey, an edge and no symmetry. */
function sample(width: number, height: number): GreyImage {
  const pixels = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return x > y ? Math.round((x * 255) / width) : Math.round((y * 255) / height);
  });
  return { width, height, pixels };
}

/** The largest difference of two pixels in the same place. */
function difference(one: GreyImage, other: GreyImage): number {
  expect([one.width, one.height]).toEqual([other.width, other.height]);
  return Math.max(...one.pixels.map((level, at) => Math.abs(level - (other.pixels[at] ?? -1))));
}

/** A PNG as grey pixels, decoded as any program would. */
function decodePng(bytes: Uint8Array): GreyImage {
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes));
  return { width, height, pixels: Uint8Array.from({ length: width * height }, (_, at) => data[at * 4] ?? 0) };
}

/** A line of half blocks: two rows of grey pixels. */
function rowsOf(line: string): [upper: number[], lower: number[]] {
  const cells = [...line.matchAll(/\[38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m▀/g)];
  const levels = cells.map(([, ...numbers]) => numbers.map(Number));
  for (const [red, green, blue] of levels) expect([green, blue]).toEqual([red, red]);
  return [levels.map(([level]) => level ?? -1), levels.map(([, , , level]) => level ?? -1)];
}

describe('a picture in a terminal', () => {
  it('of kitty is the PNG, in chunks of at most 4096 characters', () => {
    const noise = {
      ...sample(300, 300),
      pixels: Uint8Array.from({ length: 90_000 }, (_, at) => (at * 7919) >> 3),
    };
    const commands = [...visible(terminalPicture(noise, 'kitty', room)).matchAll(/␛_G([^;]*);([^␛]*)␛\\/g)];
    expect(commands.length).toBeGreaterThan(1);
    expect(commands[0]?.[1]).toMatch(/^a=T,f=100,q=2,r=\d+,m=1$/);
    expect(commands.slice(1).map((command) => command[1])).toEqual([
      ...commands.slice(2).map(() => 'm=1'),
      'm=0',
    ]);
    for (const [, , chunk = ''] of commands) expect(chunk.length).toBeLessThanOrEqual(4096);
    const png = Buffer.from(commands.map((command) => command[2]).join(''), 'base64');
    expect(difference(decodePng(png), noise)).toBe(0);
  });

  it('of iTerm2 is the PNG with its size', () => {
    const image = sample(40, 50);
    const [, size, base64 = ''] =
      /^␛\]1337;File=inline=1;size=(\d+);[^:]*:([A-Za-z0-9+/=]+)␇\n$/.exec(
        visible(terminalPicture(image, 'iterm2', room)),
      ) ?? [];
    const png = Buffer.from(base64, 'base64');
    expect(Number(size)).toBe(png.length);
    expect(difference(decodePng(png), image)).toBe(0);
  });

  it('of sixels is the picture in 64 levels of grey', () => {
    const image = sample(37, 47);
    expect(difference(decodeSixels(terminalPicture(image, 'sixel', room)), image)).toBeLessThanOrEqual(4);
  });

  it('of half blocks is the picture, scaled to the window', () => {
    const image = sample(378, 472);
    const lines = terminalPicture(image, 'half-blocks', room).trimEnd().split('\n');
    expect(lines.length).toBeLessThan(room.rows);
    for (const line of lines) expect(line.endsWith('\u001b[0m')).toBe(true);
    const rows = lines.flatMap((line) => rowsOf(line));
    const width = rows[0]?.length ?? 0;
    expect(width).toBeLessThanOrEqual(room.columns);
    const shown = { width, height: rows.length, pixels: Uint8Array.from(rows.flat()) };
    expect(Math.abs(shown.height / shown.width - 472 / 378)).toBeLessThan(0.05);
    expect(difference(shown, scaledDown(image, width, rows.length))).toBeLessThanOrEqual(8);
  });

  it('of half blocks fits a narrow window', () => {
    const lines = terminalPicture(sample(378, 472), 'half-blocks', { columns: 10, rows: 50 }).split('\n');
    expect(rowsOf(lines[0] ?? '')[0]).toHaveLength(10);
  });
});

describe('a PNG', () => {
  it('has the pixels of the picture, in 8-bit grey', () => {
    const image = sample(31, 17);
    const png = encodePng(image);
    expect(difference(decodePng(png), image)).toBe(0);
    // IHDR: bit depth 8, colour type 0.
    expect([...png.subarray(24, 26)]).toEqual([8, 0]);
  });
});

describe('a picture that is scaled down', () => {
  it('keeps its brightness', () => {
    const image = sample(100, 80);
    const mean = ({ pixels }: GreyImage) => pixels.reduce((sum, level) => sum + level, 0) / pixels.length;
    expect(Math.abs(mean(scaledDown(image, 20, 20)) - mean(image))).toBeLessThan(2);
    expect(scaledDown(image, 200, 200)).toBe(image);
  });
});

describe('a terminal', () => {
  it.each([
    [{ TERM: 'xterm-kitty' }, 'kitty'],
    [{ TERM: 'xterm-256color', KITTY_WINDOW_ID: '1' }, 'kitty'],
    [{ TERM: 'xterm-ghostty' }, 'kitty'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app' }, 'iterm2'],
    [{ TERM: 'xterm-256color', LC_TERMINAL: 'iTerm2' }, 'iterm2'],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm' }, 'iterm2'],
    [{ TERM: 'foot' }, 'sixel'],
    [{ TERM: 'xterm-256color' }, 'unknown'],
    [{ TERM: 'screen-256color', KITTY_WINDOW_ID: '1' }, 'unknown'],
    [{ TERM: 'xterm-kitty', TMUX: '/tmp/tmux-0/default,1,0' }, 'unknown'],
    [{ TERM: 'dumb' }, 'none'],
    [{}, 'none'],
  ])('with %j is %s', (env, protocol) => {
    expect(protocolFromEnvironment(env)).toBe(protocol);
  });

  it.each([
    ['', undefined],
    ['\u001b[?62;4', undefined],
    ['\u001b[?62;4;22c', 'sixel'],
    ['\u001b[?4c', 'half-blocks'],
    ['\u001b[?1;2c', 'half-blocks'],
    ['\u001b_Gi=1;OK\u001b\\', undefined],
    ['\u001b_Gi=1;OK\u001b\\\u001b[?62c', 'kitty'],
    ['\u001b_Gi=1;EINVAL:no\u001b\\\u001b[?62;4c', 'sixel'],
  ])('that answers %j is %s', (answer, protocol) => {
    expect(protocolFromAnswer(answer)).toBe(protocol);
  });
});
