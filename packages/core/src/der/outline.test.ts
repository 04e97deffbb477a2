import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Outline, type Part } from './outline.ts';
import { DerReader } from './reader.ts';
import { contextConstructed, Tag } from './tags.ts';

/** An element as a tree, for both ways of writing it. */
type Tree = Uint8Array | { readonly tag: number; readonly parts: readonly Tree[] };

const TAGS = [Tag.SEQUENCE, Tag.SET, Tag.OCTET_STRING, contextConstructed(0)];
const { tree } = fc.letrec<{ tree: Tree; element: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 5 }, fc.uint8Array({ maxLength: 300 }), tie('element')),
  element: fc.record({ tag: fc.constantFrom(...TAGS), parts: fc.array(tie('tree'), { maxLength: 4 }) }),
}));

const outline = (of: Tree): Part =>
  of instanceof Uint8Array ? of : new Outline(of.tag, ...of.parts.map(outline));

/** The same from the inside out: every element encoded before the one around it. */
function encoded(of: Tree): Buffer {
  if (of instanceof Uint8Array) return Buffer.from(of);
  const contents = Buffer.concat(of.parts.map(encoded));
  const { length } = contents;
  const octets =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(of.tag, ...octets), contents]);
}

test('a tree written at once is what its elements are one by one', () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 4 }), (parts) => {
      const whole = { tag: Tag.SEQUENCE, parts };
      const written = new Outline(whole.tag, ...parts.map(outline));
      expect(Buffer.from(written.encode())).toEqual(encoded(whole));
      expect(written.length).toBe(encoded(whole).length);
    }),
  );
});

test.each([0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000])(
  'an element of %i bytes has the shortest length',
  (length) => {
    const inner = new Outline(Tag.OCTET_STRING, new Uint8Array(length).fill(7));
    const reader = new DerReader(new Outline(Tag.SEQUENCE, inner).encode()).expect(Tag.SEQUENCE);
    reader.finish();
    expect(reader.enter().expect(Tag.OCTET_STRING).contents.length).toBe(length);
  },
);
