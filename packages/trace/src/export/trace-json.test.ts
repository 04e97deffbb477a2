import { fromHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import type { Trace } from '../model.ts';
import { traceToJson } from './trace-json.ts';

describe('a trace as JSON', () => {
  test('says what it is, and has bytes in hex, times in ISO 8601, placeholders as such', () => {
    const trace: Trace = {
      header: {
        title: 'a try',
        atr: Uint8Array.of(0x3b, 0x80),
        recorded: new Date('2026-11-21T03:00:00Z'),
        holder: 'invented',
        more: [{ name: 'mood', value: 'good' }],
      },
      entries: [
        { type: 'heading', text: 'verify', line: 9 },
        { type: 'command', bytes: [Uint8Array.of(0, 0x20, 0, 0x80, 4), { type: 'pin', length: 4 }] },
        {
          type: 'response',
          bytes: [{ type: 'data', length: 2, mark: new Uint8Array(8) }, Uint8Array.of(0x90, 0)],
          milliseconds: 12.5,
        },
        { type: 'event', event: 'failed', code: 'ERR_X' },
        { type: 'now', time: new Date(0) },
        { type: 'nonce', bytes: Uint8Array.of(1, 0xab) },
        { type: 'note', text: 'done' },
      ],
    };
    expect(JSON.parse(JSON.stringify(traceToJson(trace)))).toEqual({
      schema: 'jpki-apdu-trace',
      version: 1,
      header: {
        title: 'a try',
        atr: '3B80',
        recorded: '2026-11-21T03:00:00.000Z',
        holder: 'invented',
        more: [{ name: 'mood', value: 'good' }],
      },
      entries: [
        { type: 'heading', text: 'verify', line: 9 },
        { type: 'command', bytes: [{ hex: '0020008004' }, { placeholder: 'pin', length: 4 }] },
        {
          type: 'response',
          bytes: [{ placeholder: 'data', length: 2, mark: '0000000000000000' }, { hex: '9000' }],
          milliseconds: 12.5,
        },
        { type: 'event', event: 'failed', code: 'ERR_X' },
        { type: 'now', time: '1970-01-01T00:00:00.000Z' },
        { type: 'nonce', bytes: '01AB' },
        { type: 'note', text: 'done' },
      ],
    });
  });

  test('never has a PIN, even where the trace does', () => {
    const commands = ['002000980431323334', '00200098083132333435', '10240198023132', '00C200983132'];
    const entries = commands.map((hex) => ({ type: 'command', bytes: [fromHex(hex)] }) as const);
    const text = JSON.stringify(traceToJson({ header: {}, entries }));
    expect(text).not.toContain('3132');
    expect(text).toContain('"placeholder":"pin"');
  });
});
