import { expect, test } from 'vitest';
import { concatBytes } from './bytes.ts';

test('parts are joined in order, empty ones included, into a new array', () => {
  const first = Uint8Array.of(1, 2);
  const joined = concatBytes([first, new Uint8Array(), Uint8Array.of(3)]);
  expect(joined).toEqual(Uint8Array.of(1, 2, 3));
  first[0] = 9;
  expect(joined[0]).toBe(1);
  expect(concatBytes([])).toEqual(new Uint8Array());
});
