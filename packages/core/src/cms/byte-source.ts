import { createHash, type Hash } from 'node:crypto';
import { digestOf, type HashName } from '../digest-info.ts';

/**
 * Bytes at known offsets that need not lie in memory: a file, or a `Uint8Array` through {@link bytesSource}. A
 * signed document of any size is read through it in pieces.
 */
export interface ByteSource {
  /** Total number of bytes. */
  readonly length: number;
  /**
   * The bytes at `offset`: exactly `length` of them, fewer only at the end. They may be overwritten by the next
   * call, so whoever keeps them copies them.
   */
  read(offset: number, length: number): Uint8Array;
}

/** A part of a {@link ByteSource}; offsets in bytes, `end` exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes that lie in memory, and stay as they are while the source is in use. */
export class MemorySource implements ByteSource {
  readonly bytes: Uint8Array;
  readonly length: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.length = bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    return this.bytes.subarray(offset, offset + length);
  }
}

/** The source for bytes that lie in memory. They must not change while it is in use. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return new MemorySource(bytes);
}

/** Digests of one document by hash algorithm. */
export type ContentDigests = ReadonlyMap<HashName, Uint8Array>;

const SHORTENED = 'the document became shorter while it was read';

/** Size of the pieces a document is hashed in: large enough that the call costs nothing, small enough for any memory. */
const CHUNK_BYTES = 1 << 20;

/** Pieces hashed before other work of the process gets its turn. */
const CHUNKS_PER_TURN = 8;

function* pieces(source: ByteSource, ranges: readonly ByteRange[]): Generator<Uint8Array> {
  for (const { start, end } of ranges) {
    for (let at = start; at < end; ) {
      const piece = source.read(at, Math.min(CHUNK_BYTES, end - at));
      if (piece.length === 0) throw new RangeError(SHORTENED);
      yield piece;
      at += piece.length;
    }
  }
}

const whole = (source: ByteSource): ByteRange[] => [{ start: 0, end: source.length }];

/** Digests of a document, computed at once. For documents in memory; large ones: {@link digestContent}. */
export function digestContentSync(
  source: ByteSource,
  hashes: Iterable<HashName>,
  ranges: readonly ByteRange[] = whole(source),
): ContentDigests {
  const [only, ...more] = ranges;
  if (only !== undefined && more.length === 0 && only.end - only.start <= CHUNK_BYTES) {
    const bytes = source.read(only.start, only.end - only.start);
    if (bytes.length !== only.end - only.start) throw new RangeError(SHORTENED);
    const digests = new Map<HashName, Uint8Array>();
    for (const hash of hashes) digests.set(hash, digestOf(hash, bytes));
    return digests;
  }
  const running = start(hashes);
  for (const piece of pieces(source, ranges)) for (const hash of running.values()) hash.update(piece);
  return finish(running);
}

/**
 * Digests of a document of any size, with constant memory and without starving the process's other work.
 *
 * @throws `signal.reason` when aborted; {@link RangeError} when the source ends early; what reading throws.
 */
export async function digestContent(
  source: ByteSource,
  hashes: Iterable<HashName>,
  options: { readonly ranges?: readonly ByteRange[]; readonly signal?: AbortSignal | undefined } = {},
): Promise<ContentDigests> {
  const running = start(hashes);
  let count = 0;
  for (const piece of pieces(source, options.ranges ?? whole(source))) {
    options.signal?.throwIfAborted();
    for (const hash of running.values()) hash.update(piece);
    if (++count % CHUNKS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return finish(running);
}

function start(hashes: Iterable<HashName>): Map<HashName, Hash> {
  return new Map([...hashes].map((name) => [name, createHash(name)]));
}

function finish(running: ReadonlyMap<HashName, Hash>): ContentDigests {
  return new Map([...running].map(([name, hash]) => [name, hash.digest()]));
}
