import { fromHex, toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import type { Trace, TraceEntry } from '../model.ts';
import { traceToPcap } from './trace-pcap.ts';

const command = (hex: string): TraceEntry => ({ type: 'command', bytes: [fromHex(hex)] });
const response = (hex: string, milliseconds?: number): TraceEntry => ({
  type: 'response',
  bytes: [fromHex(hex)],
  ...(milliseconds !== undefined && { milliseconds }),
});

/** Packets of a capture: seconds, microseconds, pseudo header and block. */
function packets(trace: Trace): readonly [number, number, string][] {
  const bytes = traceToPcap(trace);
  const view = new DataView(bytes.buffer);
  const found: [number, number, string][] = [];
  for (let at = 24; at < bytes.length; ) {
    const length = view.getUint32(at + 8, true);
    expect(view.getUint32(at + 12, true)).toBe(length);
    found.push([
      view.getUint32(at, true),
      view.getUint32(at + 4, true),
      toHex(bytes.subarray(at + 16, at + 16 + length)),
    ]);
    at += 16 + length;
  }
  return found;
}

const trace = (...entries: readonly TraceEntry[]): Trace => ({ header: {}, entries });

describe('a trace as a capture', () => {
  test('begins with the header of a classic pcap of link type 264', () => {
    expect(toHex(traceToPcap(trace()))).toBe('D4C3B2A102000400000000000000000000000400' + '08010000');
  });

  test('has an I-block for each APDU, numbered 0 and 1 in turn for each exchange', () => {
    const blocks = packets(
      trace(command('00A40000'), response('9000'), command('00B0000000'), response('6986'), command('0084')),
    ).map(([, , block]) => block);
    expect(blocks).toEqual([
      '00FA0005' + '0200A40000',
      '00FB0003' + '029000',
      '00FA0006' + '0300B0000000',
      '00FB0003' + '036986',
      '00FA0003' + '020084',
    ]);
  });

  test('has the times of the trace, from the beginning of the recording', () => {
    const recorded = new Date('2026-11-21T03:00:00.500Z');
    const times = packets({
      header: { recorded },
      entries: [command('00A40000'), response('9000', 1499.5), command('00A40001'), response('9000')],
    }).map(([seconds, microseconds]) => seconds * 1000 + microseconds / 1000 - recorded.getTime());
    expect(times).toEqual([1, 1500.5, 1501.5, 1502.5]);
  });

  test('has zeros for what the trace left out', () => {
    const verify: TraceEntry = {
      type: 'command',
      bytes: [fromHex('0020008004'), { type: 'pin', length: 4 }],
    };
    expect(packets(trace(verify))[0]?.[2]).toBe('00FA000A' + '02002000800400000000');
    // And for a PIN that a trace made by hand has in clear.
    expect(packets(trace(command('002000800431323334')))[0]?.[2]).toBe('00FA000A' + '02002000800400000000');
  });

  test('has the field going off and on for events, and counts from 0 again', () => {
    const events: TraceEntry[] = [
      { type: 'event', event: 'removed' },
      { type: 'event', event: 'connected' },
      { type: 'heading', text: 'again' },
      { type: 'note', text: 'again' },
      { type: 'now', time: new Date(0) },
      { type: 'nonce', bytes: new Uint8Array(4) },
    ];
    const blocks = packets(trace(command('00A40000'), response('9000'), ...events, command('00A40000')));
    expect(blocks.slice(2).map(([, , block]) => block)).toEqual([
      '00FD0000',
      '00FC0000',
      '00FA00050200A40000',
    ]);
  });

  test('chains the blocks of an APDU that is too long for one, up to the longest there is', () => {
    const long = (length: number): TraceEntry => ({
      type: 'response',
      bytes: [new Uint8Array(length).fill(0xaa)],
    });
    const starts = packets(
      trace(command('00B00000'), long(253), command('00B00001'), long(258), command('00B00002')),
    );
    expect(starts.map(([, , block]) => [block.slice(0, 12), block.length / 2 - 5])).toEqual([
      ['00FA00050200', 4],
      ['00FB00FE02AA', 253],
      ['00FA00050300', 4],
      ['00FB00FE13AA', 253],
      ['00FB000602AA', 5],
      ['00FA00050300', 4],
    ]);
    const longest = packets(trace({ type: 'command', bytes: [new Uint8Array(65_544)] }, long(2)));
    expect(longest).toHaveLength(Math.ceil(65_544 / 253) + 1);
    expect(longest.slice(-3).map(([, , block]) => block.slice(8, 10))).toEqual(['12', '03', '03']);
  });
});
