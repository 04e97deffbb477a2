import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { endingEarly, windowed } from '../../test/support/sources.ts';
import { bytesSource, digestContent, digestContentSync } from './byte-source.ts';

const bytes = new Uint8Array(3 * 1024 * 1024 + 17).map((_, at) => at * 7);
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();

describe.each([
  ['memory', bytesSource(bytes)],
  ['a window that is overwritten by the next read', windowed(bytes)],
  ['a source that reads in small steps', windowed(bytes, 1000)],
])('%s', (_, source) => {
  test('is hashed whole, at once and in turns alike', async () => {
    expect(digestContentSync(source, ['sha256']).get('sha256')).toEqual(sha256(bytes));
    expect((await digestContent(source, ['sha256'])).get('sha256')).toEqual(sha256(bytes));
  });

  test('is hashed in ranges', async () => {
    const ranges = [
      { start: 10, end: 20 },
      { start: 20, end: 20 },
      { start: 1_000_000, end: 3_000_000 },
    ];
    const expected = sha256(Buffer.concat([bytes.subarray(10, 20), bytes.subarray(1_000_000, 3_000_000)]));
    expect(digestContentSync(source, ['sha256'], ranges).get('sha256')).toEqual(expected);
    expect((await digestContent(source, ['sha256'], { ranges })).get('sha256')).toEqual(expected);
  });
});

test('several hashes take one pass', () => {
  const digests = digestContentSync(bytesSource(Buffer.from('abc')), new Set(['sha256', 'sha512'] as const));
  expect([...digests.keys()]).toEqual(['sha256', 'sha512']);
  expect(digests.get('sha512')).toHaveLength(64);
});

test('nothing at all has a digest', () => {
  const digests = digestContentSync(bytesSource(new Uint8Array()), ['sha256']);
  expect(digests.get('sha256')).toEqual(sha256(new Uint8Array()));
});

test('a source that ends early is an error, not a digest of less', async () => {
  const source = endingEarly(bytes, 1_500_000);
  expect(() => digestContentSync(source, ['sha256'])).toThrow(RangeError);
  await expect(digestContent(source, ['sha256'])).rejects.toThrow(/became shorter/);
});

test('hashing stops when it is aborted', async () => {
  const abort = new AbortController();
  const stopped = digestContent(windowed(bytes, 4096), ['sha256'], { signal: abort.signal });
  abort.abort();
  await expect(stopped).rejects.toThrow(abort.signal.reason);
});
