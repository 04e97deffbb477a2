import { describe, expect, it } from 'vitest';
import { Output, printable } from './output.ts';

describe('text for a terminal', () => {
  it('cannot move the cursor, ring, or turn the line around', () => {
    expect(printable('a\x1b[2Jb\x07c\u202ed\r')).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffd');
    expect(printable('模擬　花子\tline\n')).toBe('模擬　花子\tline\n');
  });
});

describe('output', () => {
  it('puts data on stdout and words on stderr', () => {
    const written: [number, string][] = [];
    const write = (descriptor: 1 | 2, bytes: Uint8Array) =>
      written.push([descriptor, Buffer.from(bytes).toString()]);
    const output = new Output({ json: true, write });
    output.document({ a: 1 });
    output.line('data');
    output.bytes(Uint8Array.of(0x41));
    output.say('words');
    expect(written).toEqual([
      [1, '{\n  "a": 1\n}\n'],
      [1, 'data\n'],
      [1, 'A'],
      [2, 'words\n'],
    ]);
  });
});
