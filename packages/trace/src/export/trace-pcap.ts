import { maskedLength } from '../masked-bytes.ts';
import type { EventEntry, MaskedBytes, Trace } from '../model.ts';
import { withoutPin } from '../redact/redact-command.ts';

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

/** Protocol control byte of an I-block without CID and NAD (ISO/IEC 14443-4, 7.1.2.1); bit 1 is its number. */
const I_BLOCK = 0x02;
/** Bit of the control byte: more of this APDU follows in the next block. */
const CHAINING = 0x10;

/**
 * Bytes of an APDU in one block: the largest frame of ISO/IEC 14443-4:2001 (FSDI 8: 256 bytes) without control byte
 * and CRC. Wireshark counts them in 8 bits, so that a longer block would be dissected wrong.
 */
const MAX_INF = 253;

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
 * The exchange as a capture for Wireshark: one ISO 14443 I-block per APDU, chained I-blocks for one of more than 253
 * bytes, as on the air; events of the card as the reader's field going off or on. Read it with
 * `tshark -r FILE -d iso14443.subdissector,iso7816`.
 *
 * A capture cannot say that bytes are missing: a placeholder becomes as many zeros, and so does a PIN in clear. Notes, headings and the header are
 * left out, and so is what a trace does not know: CRCs, and the acknowledgements within a chain. Packets have the
 * trace's times where it has them; without `recorded` it begins in 1970.
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
  const add = (event: number, bytes: MaskedBytes) => {
    const blocks = iBlocks(number, bytes);
    packets.push(...blocks.map((block) => ({ event, block, at })));
    number = (number + blocks.length - (event === Event.TO_CARD ? 1 : 0)) % 2;
  };
  for (const entry of trace.entries) {
    if (entry.type === 'command') {
      at += STEP;
      // A trace made by hand or by others may have a PIN in clear. It goes no further.
      add(Event.TO_CARD, withoutPin(entry.bytes));
    } else if (entry.type === 'response') {
      at += entry.milliseconds ?? STEP;
      add(Event.FROM_CARD, entry.bytes);
    } else if (entry.type === 'event') {
      at += STEP;
      // Both sides begin again at block 0 (ISO/IEC 14443-4, 7.5.3).
      number = 0;
      packets.push({ event: fieldEvent(entry), block: new Uint8Array(), at });
    }
  }
  return packets;
}

function fieldEvent({ event }: EventEntry): number {
  return event === 'connected' ? Event.FIELD_ON : Event.FIELD_OFF;
}

/** The blocks of one APDU, the first with this number. */
function iBlocks(number: number, masked: MaskedBytes): readonly Uint8Array[] {
  const apdu = filled(masked);
  const count = Math.max(1, Math.ceil(apdu.length / MAX_INF));
  return Array.from({ length: count }, (_, index) => {
    const more = index < count - 1 ? CHAINING : 0;
    const inf = apdu.subarray(index * MAX_INF, (index + 1) * MAX_INF);
    return Uint8Array.of(I_BLOCK | more | ((number + index) % 2), ...inf);
  });
}

/** The bytes, with zeros where bytes were left out. */
function filled(masked: MaskedBytes): Uint8Array {
  const bytes = new Uint8Array(maskedLength(masked));
  let offset = 0;
  for (const part of masked) {
    if (part instanceof Uint8Array) bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
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
