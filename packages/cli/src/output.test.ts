import { describe, expect, it } from 'vitest';
import { Output, oneLine, printable } from './output.ts';

describe('text for a terminal', () => {
  it('cannot move the cursor, ring, or turn the line around', () => {
    expect(printable('a\x1b[2Jb\x07c\u202ed\r')).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffd');
    expect(printable('模擬　花子\tline\n')).toBe('模擬　花子\tline\n');
    expect(printable('\u061c\u2028\u009b2J')).toBe('\ufffd\ufffd\ufffd2J');
  });

  it('has no line that a name began', () => {
    expect(oneLine('ACR\n[ok]   all is well\r\t')).toBe('ACR\ufffd[ok]   all is well\ufffd\ufffd');
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

  it('writes JSON that a terminal shows and a program reads', () => {
    let text = '';
    const output = new Output({ json: true, write: (_, bytes) => (text = Buffer.from(bytes).toString()) });
    const name = 'ACR\n\x1b[2J\x7f\u009b2J\u202e模擬';
    output.document({ name });
    expect(text).toBe('{\n  "name": "ACR\\n\\u001b[2J\\u007f\\u009b2J\\u202e模擬"\n}\n');
    expect(JSON.parse(text)).toEqual({ name });
  });
});
