import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MalformedResponseError } from './errors.ts';
import { fromHex } from './hex.ts';
import { decodeResponse, encodeResponse, MAX_RESPONSE_LENGTH } from './response.ts';

test('the last two bytes are the status word, the rest is data', () => {
  expect(decodeResponse(fromHex('9000'))).toEqual({ data: new Uint8Array(), sw: 0x9000 });
  expect(decodeResponse(fromHex('AABB63C4'))).toEqual({ data: fromHex('AABB'), sw: 0x63c4 });
});

test('the data is a view on the response', () => {
  const bytes = fromHex('AABB9000');
  expect(decodeResponse(bytes).data.buffer).toBe(bytes.buffer);
});

test.each([0, 1, MAX_RESPONSE_LENGTH + 1])('%i bytes are no response', (length) => {
  expect(() => decodeResponse(new Uint8Array(length))).toThrow(MalformedResponseError);
});

test('the largest response has 65,536 data bytes', () => {
  expect(decodeResponse(new Uint8Array(MAX_RESPONSE_LENGTH)).data.length).toBe(65_536);
});

test('decoding what was encoded gives the same response', () => {
  const sws = fc.integer({ min: 0, max: 0xffff });
  fc.assert(
    fc.property(sws, fc.uint8Array({ maxLength: 300 }), (sw, data) => {
      expect(decodeResponse(encodeResponse(sw, data))).toEqual({ data, sw });
    }),
  );
  expect(encodeResponse(0x6a82)).toEqual(fromHex('6A82'));
});
