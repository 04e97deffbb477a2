import type { MaskedBytes, Trace } from '../model.ts';

/*
 * Classic pcap (draft-ietf-opsawg-pcap, section 4): a file header of 24 bytes, then packets with a header of 16 bytes,
 * here little-endian with microseconds. Link type 264 is ISO 14443: a pseudo header (version 0, event, length of what
 * follows as 16 bits, big-endian), then the block (kaiser.cx/posts/pcap-iso14443; tcpdump.org/linktypes.html).
 */
const MAGIC = 0xa1b2c3d4;
const LINKTYPE_ISO_14443 = 264;
const FILE_HEADER_LENGTH = 24;
const PACKET_HEADER_LENGTH = 16;
const PSEUDO_HEADER_LENGTH = 4;
/** Longest packet readers must expect: what tcpdump writes since 4.9. */
const SNAPLEN = 262_144;

/** Events of the pseudo header. The CRC of the air is not in a trace: the kinds that are without. */
const Event = { FIELD_OFF: 0xfd, FIELD_ON: 0xfc, FROM_CARD: 0xfb, TO_CARD: 0xfa } as const;

/** Protocol control byte of an I-block without chaining, CID and NAD (ISO/IEC 14443-4, 7.1.2.1); bit 1 is its number. */
const I_BLOCK = 0x02;

/** Bytes a block can have here: the length of the pseudo header has 16 bits. */
const MAX_BLOCK = 0xffff;

/** Milliseconds between packets whose time is not known, so that their order shows. */
const STEP = 1;

/** A packet of the capture. */
interface Packet {
  readonly event: number;
  readonly block: Uint8Array;
  /** Milliseconds since the beginning. */
  readonly at: number;
}

/**
 * The exchange as a capture for Wireshark: one ISO 14443 I-block per APDU, never chained, however long; events of the
 * card as the reader's field going off or on. Read it with `tshark -r FILE -d iso14443.subdissector,iso7816`.
 *
 * A capture cannot say that bytes are missing: a placeholder becomes as many zeros. Notes, headings and the header are
 * left out. Packets have the trace's times where it has them; without `recorded` it begins in 1970. An APDU of more
 * than 65,534 bytes is cut there, as the link type has room for no more.
 */
export function traceToPcap(trace: Trace): Uint8Array {
  const packets = packetsOf(trace);
  const start = trace.header.recorded?.getTime() ?? 0;
  const length = packets.reduce((sum, { block }) => sum + overhead + block.length, FILE_HEADER_LENGTH);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  writeFileHeader(view);
  let offset = FILE_HEADER_LENGTH;
  for (const packet of packets) {
    writePacketHeader(view, offset, packet, start);
    offset += overhead;
    bytes.set(packet.block, offset);
    offset += packet.block.length;
  }
  return bytes;
}

const overhead = PACKET_HEADER_LENGTH + PSEUDO_HEADER_LENGTH;

function packetsOf(trace: Trace): readonly Packet[] {
  const packets: Packet[] = [];
  let at = 0;
  let number = 0;
  for (const entry of trace.entries) {
    if (entry.type === 'command') {
      at += STEP;
      packets.push({ event: Event.TO_CARD, block: iBlock(number, entry.bytes), at });
    } else if (entry.type === 'response') {
      at += entry.milliseconds ?? STEP;
      packets.push({ event: Event.FROM_CARD, block: iBlock(number, entry.bytes), at });
      number ^= 1;
    } else if (entry.type === 'event') {
      at += STEP;
      // Both sides begin again at block 0 (ISO/IEC 14443-4, 7.5.3).
      number = 0;
      const event = entry.event === 'connected' ? Event.FIELD_ON : Event.FIELD_OFF;
      packets.push({ event, block: new Uint8Array(), at });
    }
  }
  return packets;
}

function iBlock(number: number, masked: MaskedBytes): Uint8Array {
  const parts = masked.map((part) => (part instanceof Uint8Array ? part : new Uint8Array(part.length)));
  const length = parts.reduce((sum, part) => sum + part.length, 1);
  const block = new Uint8Array(length);
  block[0] = I_BLOCK | number;
  let offset = 1;
  for (const part of parts) {
    block.set(part, offset);
    offset += part.length;
  }
  return block.subarray(0, MAX_BLOCK);
}

function writeFileHeader(view: DataView): void {
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAPLEN, true);
  view.setUint32(20, LINKTYPE_ISO_14443, true);
}

function writePacketHeader(view: DataView, offset: number, packet: Packet, start: number): void {
  const microseconds = Math.round((start + packet.at) * 1000);
  const length = PSEUDO_HEADER_LENGTH + packet.block.length;
  view.setUint32(offset, Math.floor(microseconds / 1_000_000), true);
  view.setUint32(offset + 4, microseconds % 1_000_000, true);
  view.setUint32(offset + 8, length, true);
  view.setUint32(offset + 12, length, true);
  view.setUint8(offset + PACKET_HEADER_LENGTH + 1, packet.event);
  view.setUint16(offset + PACKET_HEADER_LENGTH + 2, packet.block.length, false);
}
