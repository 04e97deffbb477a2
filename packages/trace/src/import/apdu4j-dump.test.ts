import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { readApdu4jDump } from './apdu4j-dump.ts';
import type { Log } from './card-stream.ts';

const shown = (log: Log) =>
  log.cards.flatMap(({ entries }) =>
    entries.map((entry) => {
      if (entry.type === 'event') return `! ${entry.event}`;
      const time =
        entry.type === 'response' && entry.milliseconds !== undefined ? ` @${entry.milliseconds}` : '';
      return `${toHex(entry.bytes)}${time}`;
    }),
  );

describe('what apdu4j writes', () => {
  test('a dump with its words', () => {
    const log = readApdu4jDump(
      [
        '# Generated on Sat, 21 Nov 2026 12:00:00 +0900 by apdu4j/20.08.12',
        '# Using Invented Reader 00 00',
        '# ATR: 3B800181',
        '# PROTOCOL: T=1',
        '#',
        '# Sent',
        '00A4040C0AD392F000260100000001',
        '# Received in 40ms',
        '9000',
        '# Sent',
        '00B0000004',
        '# Received',
        '308206519000',
      ].join('\n'),
    );
    expect(log.software).toBe('apdu4j/20.08.12');
    expect(log.cards[0]).toMatchObject({
      reader: 'Invented Reader 00 00',
      protocol: 'T=1',
      atr: Uint8Array.of(0x3b, 0x80, 1, 0x81),
      commands: 2,
    });
    expect(shown(log)).toEqual(['00A4040C0AD392F000260100000001', '9000 @40', '00B0000004', '308206519000']);
  });

  test('a dump without them, where a command failed', () => {
    const log = readApdu4jDump(
      '# ATR: 3B800181\n# PROTOCOL: T=1\n#\n00A40000\n# 8ms\n9000\n00A40001\n# 1s250ms card was removed\n00A40002\n# 3ms\n6A82\n',
    );
    expect(shown(log)).toEqual(['00A40000', '9000 @8', '00A40001', '! failed', '00A40002', '6A82 @3']);
  });

  test('the log of a session, in its older and its newer form', () => {
    const log = readApdu4jDump(
      [
        '# SCardConnect("Invented Reader", T=*) -> T=1, 3B800181',
        'A>> T=1 (4+0010) 00A4040C 0A D392F000260100000001',
        'A<< (0000+2) (8ms) 9000',
        'A>> (4+0000) 00B00000 04',
        'A<< (0004+2) (1.25ms) 30820651 9000',
        'B>> T=1 (4) 00A40001',
        'B<< (2) 6A82',
        '>> 00A40002',
        '<< [error] gone (12ms)',
        '>> 00A40003',
        '<< 6A82 (2s5ms)',
      ].join('\n'),
    );
    expect(log.cards[0]).toMatchObject({ reader: 'Invented Reader', protocol: 'T=1' });
    expect(shown(log)).toEqual([
      '00A4040C0AD392F000260100000001',
      '9000 @8',
      '00B0000004',
      '308206519000 @1.3',
      '00A40001',
      '6A82',
      '00A40002',
      '! failed',
      '00A40003',
      '6A82 @2005',
    ]);
  });

  test.each([
    ['half a byte', '# Sent\n00A40000F'],
    ['a malformed command', '>> 0020 [malformed]'],
    ['a dump that begins with a response', '31323334353637389000\n00B0000000\n31329000'],
    ['a dump without one of its responses', '00B0000000\n00B0000800\n31329000'],
  ])('%s is refused', (_, dump) => {
    expect(() => readApdu4jDump(dump)).toThrow(expect.objectContaining({ code: 'ERR_TRACE_IMPORT' }));
  });
});
