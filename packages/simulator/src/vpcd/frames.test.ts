import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameReader } from './frames.ts';

describe('vpcd frames', () => {
  test('have a length of two bytes, big-endian, in front', () => {
    expect([...encodeFrame(Uint8Array.of(0x90, 0x00))]).toEqual([0, 2, 0x90, 0]);
    expect([...encodeFrame(new Uint8Array(258)).subarray(0, 2)]).toEqual([1, 2]);
    expect(encodeFrame(new Uint8Array(65_535))).toHaveLength(65_537);
    expect(() => encodeFrame(new Uint8Array(65_536))).toThrow(RangeError);
  });

  test('come out whole, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 })),
        fc.infiniteStream(fc.nat(64)),
        (bodies, sizes) => {
          const stream = Buffer.concat(bodies.map(encodeFrame));
          const reader = new FrameReader();
          const seen: Uint8Array[] = [];
          for (let at = 0; at < stream.length; ) {
            const { value: size } = sizes.next();
            seen.push(...reader.push(stream.subarray(at, at + size)));
            at += size;
          }
          expect(seen.map((body) => [...body])).toEqual(bodies.map((body) => [...body]));
        },
      ),
    );
  });
});
