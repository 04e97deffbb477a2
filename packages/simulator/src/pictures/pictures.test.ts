import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { personas } from '../personas/index.ts';
import { photo } from './photos.ts';
import { numberImage, textImage } from './text-image.ts';

/** The parts of a PNG file, read by nothing that wrote it. */
function readPng(png: Uint8Array) {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    chunks.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      data: bytes.subarray(at + 8, at + 8 + length),
    });
    at += 12 + length;
  }
  const [header, data] = chunks.map((chunk) => chunk.data);
  if (header === undefined || data === undefined) throw new Error('no header or no data');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const rows = inflateSync(data);
  const stride = 1 + Math.ceil(width / 8);
  const lines = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) =>
      ((rows[y * stride + 1 + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1 ? '.' : '#',
    ).join(''),
  );
  const filters = Array.from({ length: height }, (_, y) => rows[y * stride]);
  return {
    types: chunks.map(({ type }) => type),
    header,
    width,
    height,
    lines,
    filters,
    size: rows.length - stride * height,
  };
}

describe('an image of text', () => {
  test('is a 1-bit greyscale PNG of three chunks with unfiltered rows', () => {
    const { types, header, filters, size } = readPng(textImage('模擬　花子', 'name'));
    expect(types).toEqual(['IHDR', 'IDAT', 'IEND']);
    expect(header.toString('hex')).toBe('000000d80000000c0100000000');
    expect(filters).toEqual(Array(12).fill(0));
    expect(size).toBe(0);
  });

  test('has the sizes of the test card', () => {
    const size = (png: Uint8Array) => [readPng(png).width, readPng(png).height];
    expect(size(textImage('模擬', 'name'))).toEqual([216, 12]);
    expect(size(textImage('架空県', 'address'))).toEqual([288, 12]);
    expect(size(numberImage('4321'))).toEqual([24, 12]);
    expect(size(numberImage('999999010018'))).toEqual([72, 12]);
    expect(size(textImage('あ'.repeat(30), 'name'))).toEqual([360, 12]);
  });

  test('shows the characters, black on white', () => {
    expect(readPng(numberImage('74')).lines).toEqual([
      '............',
      '............',
      '#####...##..',
      '....#...##..',
      '...#...#.#..',
      '...#...#.#..',
      '..#...#..#..',
      '..#...#..#..',
      '.#....#####.',
      '.#.......#..',
      '.#.......#..',
      '............',
    ]);
    const { lines } = readPng(textImage('子J', 'name'));
    expect(lines.map((line) => line.slice(0, 24))).toEqual([
      '........................',
      '..#######..........#....',
      '........#..........#....',
      '.......#...........#....',
      '......#............#....',
      '.....#.............#....',
      '###########..#.....#....',
      '.....#.......#.....#....',
      '.....#.......#.....#....',
      '.....#........#...#.....',
      '.....#.........###......',
      '...###..................',
    ]);
    expect(lines.every((line) => /^\.+$/.test(line.slice(24)))).toBe(true);
  });

  test('has a glyph for every character of every persona, and a mark for others', () => {
    const unknown = readPng(textImage('鬱', 'name')).lines.map((line) => line.slice(0, 12));
    expect(unknown.join('')).toContain('#');
    for (const { holder } of personas) {
      for (const character of `${holder.name}${holder.address}`) {
        const shown = readPng(textImage(character, 'name')).lines.map((line) => line.slice(0, 12));
        expect(shown).not.toEqual(unknown);
      }
    }
  });
});

describe('a photo', () => {
  test.each(['woman', 'boy', 'traveller'] as const)('%s has the size and coding of the test card', (name) => {
    const jp2 = Buffer.from(photo(name));
    expect(jp2.toString('latin1', 4, 8)).toBe('jP  ');
    expect(jp2.toString('latin1', 16, 24)).toBe('ftypjp2 ');
    // Image header box: height, width, one component, 8 bits, JPEG 2000 (ISO/IEC 15444-1, I.5.3.1).
    const header = jp2.indexOf('ihdr', 0, 'latin1') + 4;
    expect(jp2.toString('hex', header, header + 12)).toBe('000001d80000017a00010707');
    // Colour box: enumerated, 17 is greyscale.
    const colour = jp2.indexOf('colr', 0, 'latin1') + 4;
    expect(jp2.toString('hex', colour, colour + 7)).toBe('01000000000011');
    // Coding style: one layer, 5 levels, blocks of 64 x 64, reversible 5-3 (A.6.1); one tile-part (A.4.2).
    const style = jp2.indexOf('ff52000c', 0, 'hex');
    expect(jp2.toString('hex', style + 4, style + 14)).toBe('00000001000504040001');
    expect(jp2.toString('hex', style).match(/ff90000a0000/g)).toHaveLength(1);
    expect(jp2.toString('hex').endsWith('ffd9')).toBe(true);
    expect(jp2.length).toBeLessThan(4096);
  });

  test('belongs to every holder, and no two of them share one', () => {
    const holders = new Map(personas.map(({ holder }) => [holder.name, holder.portrait]));
    expect(new Set(holders.values()).size).toBe(holders.size);
  });
});
