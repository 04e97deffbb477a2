import type { ByteSource } from '../../src/cms/byte-source.ts';

/**
 * A source with one window that every read overwrites, filled with 0xEE beforehand so that whoever kept it notices.
 * `step`: most bytes of one answer.
 */
export function windowed(bytes: Uint8Array, step: number = Number.POSITIVE_INFINITY): ByteSource {
  const window = Buffer.alloc(Math.min(step, bytes.length));
  return {
    length: bytes.length,
    read(offset, length) {
      if (offset < 0 || length < 0) throw new TypeError(`read of ${length} bytes at ${offset}`);
      const wanted = Math.max(0, Math.min(length, step, bytes.length - offset));
      window.fill(0xee);
      window.set(bytes.subarray(offset, offset + wanted));
      return window.subarray(0, wanted);
    },
  };
}

/** A source that promises all of `bytes` and holds only the first `available` of them. */
export function endingEarly(bytes: Uint8Array, available: number): ByteSource {
  return {
    length: bytes.length,
    read: (offset, length) => bytes.subarray(offset, Math.max(offset, Math.min(offset + length, available))),
  };
}

/** A source that counts what is read from it. */
export function counting(source: ByteSource): ByteSource & { reads: number; bytesRead: number } {
  return {
    length: source.length,
    reads: 0,
    bytesRead: 0,
    read(offset, length) {
      this.reads++;
      this.bytesRead += length;
      return source.read(offset, length);
    },
  };
}
