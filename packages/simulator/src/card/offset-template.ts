import { cardTlv, cardTlvHeaderLength } from '../card-tlv.ts';

/**
 * A template that begins with a table of offsets, u16 big-endian, from the first byte of the file to the tag of each
 * object (card-protocol.md 4.2, 5).
 */
export function offsetTemplate(tag: number, tableTag: number, objects: readonly Uint8Array[]): Buffer {
  const table = Buffer.alloc(2 * objects.length);
  const tableLength = cardTlv(tableTag, table).length;
  const length = tableLength + objects.reduce((sum, object) => sum + object.length, 0);
  let offset = cardTlvHeaderLength(tag, length) + tableLength;
  for (const [index, object] of objects.entries()) {
    table.writeUInt16BE(offset, 2 * index);
    offset += object.length;
  }
  return cardTlv(tag, cardTlv(tableTag, table), ...objects);
}
