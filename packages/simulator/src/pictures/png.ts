import { crc32, deflateSync } from 'node:zlib';

/** First bytes of every PNG file (ISO/IEC 15948, 5.2). */
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A picture of ink on paper: one row after the other, each pixel `true` where there is ink. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly ink: (x: number, y: number) => boolean;
}

/**
 * A bitmap as the card keeps it: PNG, 1-bit greyscale with 0 for black, all rows unfiltered, chunks IHDR, IDAT and IEND
 * alone (card-protocol.md 5, test-card/README.md).
 */
export function encodePng(bitmap: Bitmap): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(bitmap.width, 0);
  header.writeUInt32BE(bitmap.height, 4);
  // Bit depth 1; greyscale, deflate, filter method and no interlace are all 0.
  header[8] = 1;
  const data = deflateSync(scanlines(bitmap), { level: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Rows of a filter byte (0, none) and eight pixels a byte, white where there is no ink and beyond the edge. */
function scanlines({ width, height, ink }: Bitmap): Uint8Array {
  const stride = 1 + Math.ceil(width / 8);
  const rows = Buffer.alloc(stride * height, 0xff);
  for (let y = 0; y < height; y++) {
    rows[y * stride] = 0;
    for (let x = 0; x < width; x++) {
      const at = y * stride + 1 + (x >> 3);
      if (ink(x, y)) rows[at] = (rows[at] ?? 0) & ~(0x80 >> (x & 7));
    }
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
