import { describe, expect, it } from 'vitest';
import { loadJpeg2000Decoder } from './jpeg2000.ts';
import { loadOpenJpeg } from './openjpeg.ts';

/** 24 x 16 pixels, each (10 x + 3 y) modulo 256: JP2, reversible, one tile; made by OpenJPEG's opj_compress. */
const GRADIENT = Buffer.from(
  'AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAEAAAABgAAQcHAAAAAAAPY29scgEAAAAA' +
    'ABEAAADqanAyY/9P/1EAKQAAAAAAGAAAABAAAAAAAAAAAAAAABgAAAAQAAAAAAAAAAAAAQcBAf9SAAwAAAABAAIEBAAB/1wACkBA' +
    'SEhQSEhQ/2QAJQABQ3JlYXRlZCBieSBPcGVuSlBFRyB2ZXJzaW9uIDIuNS4w/5AACgAAAAAAcgAB/5PfgMASFs5MGHaTD3SGKClj' +
    'egFBfMjk96MW66/PwCYD4RYfaEAvAomVXOmUp78DgXP4FS4E5bzxP3d/35h0faGx+AMAgmbZdjpN1CDhKqVS8OuCj/a/aHJWkhHA' +
    '0z5PgqoZJUAf/9k=',
  'base64',
);

/** The same kind of file with three components, black. */
const COLOUR = Buffer.from(
  '/0//UQAvAAAAAAAIAAAACAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAADBwEBBwEBBwEB/1IADAAAAAEBAAQEAAH/XAAEQED/ZAAl' +
    'AAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjD/kAAKAAAAAAAYAAH/k9+AKBFQVKNvgID/2Q==',
  'base64',
);

/** Where SOC stands in {@link GRADIENT}, and fields of SIZ from there. */
const SOC = GRADIENT.indexOf(Buffer.from('ff4fff51', 'hex'));
const WIDTH = SOC + 8;
const TILE_WIDTH = SOC + 24;

function changed(at: number, value: number): Uint8Array {
  const bytes = Buffer.from(GRADIENT);
  bytes.writeUInt32BE(value, at);
  return bytes;
}

describe('JPEG 2000', () => {
  it('is decoded to the pixels it was made of, in a JP2 file and bare', async () => {
    const decode = await loadJpeg2000Decoder();
    for (const bytes of [GRADIENT, GRADIENT.subarray(SOC)]) {
      const { width, height, pixels } = decode(bytes);
      expect([width, height]).toEqual([24, 16]);
      const expected = Array.from(
        { length: 24 * 16 },
        (_, at) => ((at % 24) * 10 + Math.floor(at / 24) * 3) & 255,
      );
      expect([...pixels]).toEqual(expected);
    }
  });

  it('that is broken, too large or not grey is refused, and the next one is decoded', async () => {
    const decode = await loadJpeg2000Decoder();
    const bad = [
      new Uint8Array(),
      new Uint8Array(100),
      Buffer.from('no picture at all, but long enough to be looked at closely'),
      GRADIENT.subarray(0, SOC + 20),
      GRADIENT.subarray(0, 200),
      COLOUR,
      changed(WIDTH, 1 << 20),
      changed(WIDTH, 0),
      changed(TILE_WIDTH, 1),
      changed(0, 4),
      Buffer.concat([GRADIENT, new Uint8Array(0x8000)]),
    ];
    for (const bytes of bad)
      expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: 'ERR_CARD_DATA_INVALID' }));
    expect(decode(GRADIENT).pixels).toHaveLength(24 * 16);
  });

  it('with any one bit changed never crashes the program', async () => {
    const decode = await loadJpeg2000Decoder();
    let refused = 0;
    for (let bit = 0; bit < GRADIENT.length * 8; bit += 7) {
      const bytes = Buffer.from(GRADIENT);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        decode(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_CARD_DATA_INVALID' });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });
});

describe('the decoder', () => {
  it('that is not installed, or is another thing, is told as missing', async () => {
    const absent = () => {
      throw new Error("Cannot find module '@cornerstonejs/codec-openjpeg'");
    };
    for (const factory of [absent, () => ({ other: true })]) {
      await expect(loadOpenJpeg({ factory, wasm: () => new Uint8Array() })).rejects.toMatchObject({
        code: 'ERR_PICTURE_DECODER_MISSING',
      });
    }
  });
});
