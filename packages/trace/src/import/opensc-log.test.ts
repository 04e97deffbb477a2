import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import type { Log } from './card-stream.ts';
import { readOpenScLog } from './opensc-log.ts';

/** A message as OpenSC 0.23 writes it. */
const message = (time: string, place: string, text: string, thread = '0x140') =>
  `P:7; T:${thread} 11:22:${time} [pkcs11-tool] ${place}: ${text}`;

/** The dump of an APDU as OpenSC writes it: 16 bytes to a line, with their characters. */
function dump(direction: 'Outgoing' | 'Incoming', hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  const lines = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, row) => {
    const some = bytes.slice(16 * row, 16 * row + 16);
    const width = bytes.length > 16 ? 48 : 0;
    return `${some
      .map((byte) => `${byte} `)
      .join('')
      .padEnd(width)}${'.0 A'.repeat(4).slice(0, some.length)}`;
  });
  return [`${direction} APDU (${bytes.length} bytes):`, ...lines, ''].join('\n');
}

const transmit = (time: string, reader: string, thread?: string) =>
  `${message(time, 'reader-pcsc.c:325:pcsc_transmit', `reader '${reader}'`, thread)}\n${message(time, 'reader-pcsc.c:326:pcsc_transmit', '', thread)}`;

const shown = (log: Log) =>
  log.cards.map(({ reader, entries }) => [
    reader,
    ...entries.map((entry) =>
      entry.type === 'event' ? `! ${entry.event} ${entry.code}` : toHex(entry.bytes),
    ),
  ]);

const SELECT = '00A4040C0AD392F000260100000001';
const LONG = `00D60000${'20'.repeat(28)}`;

describe('the debug log of OpenSC', () => {
  test('gives commands, responses, times, reader, ATR, protocol and version', () => {
    const log = readOpenScLog(
      [
        message('33.100', 'ctx.c:859:sc_context_create', 'opensc version: 0.23.0'),
        message('33.101', 'reader-pcsc.c:641:pcsc_connect', 'Initial protocol: T=1'),
        message('33.102', 'card.c:1234:match_atr_table', 'ATR     : 3b:80:01:81'),
        transmit('33.900', 'Reader 1'),
        dump('Outgoing', SELECT),
        message('34.050', 'reader-pcsc.c:335:pcsc_transmit', ''),
        dump('Incoming', '9000'),
      ].join('\n'),
    );
    expect(log.software).toBe('OpenSC 0.23.0 (pkcs11-tool)');
    expect(shown(log)).toEqual([['Reader 1', SELECT, '9000']]);
    expect(log.cards[0]).toMatchObject({ protocol: 'T=1', atr: Uint8Array.of(0x3b, 0x80, 1, 0x81) });
    expect(log.cards[0]?.entries[1]).toMatchObject({ milliseconds: 150 });
  });

  test('takes the ATR from a driver that compares it, where nothing else tells it', () => {
    const log = readOpenScLog(
      [
        'try to match card with ATR (4 bytes):\n3B 80 01 81 ;...\n',
        transmit('33.900', 'Reader 1'),
        dump('Outgoing', SELECT),
        dump('Incoming', '9000'),
      ].join('\n'),
    );
    expect(log.cards[0]?.atr).toEqual(Uint8Array.of(0x3b, 0x80, 1, 0x81));
  });

  test('does not take the characters beside a dump for bytes', () => {
    const log = readOpenScLog(`${dump('Outgoing', LONG)}\n${dump('Incoming', '41429000')}`);
    expect(shown(log)).toEqual([[undefined, LONG, '41429000']]);
  });

  test('reads the dumps of versions before 0.17', () => {
    const log = readOpenScLog(
      [
        '0x7fb2 11:22:33.100 [opensc-tool] apdu.c:187:sc_apdu_log: ',
        'Outgoing APDU data [    5 bytes] =====================================',
        '00 84 00 00 08 .....',
        '======================================================================',
        '0x7fb2 11:22:33.104 [opensc-tool] apdu.c:187:sc_apdu_log: ',
        'Incoming APDU data [    2 bytes] =====================================',
        '6D 00 m.',
      ].join('\r\n'),
    );
    expect(shown(log)).toEqual([[undefined, '0084000008', '6D00']]);
    expect(log.cards[0]?.entries[1]).toMatchObject({ milliseconds: 4 });
  });

  test('keeps two readers and two threads apart, and a time over midnight is none below zero', () => {
    const log = readOpenScLog(
      [
        transmit('33.100', 'Reader 1', '0x1'),
        dump('Outgoing', '00A40000'),
        transmit('33.200', 'Reader 2', '0x2'),
        dump('Outgoing', '00B0000001'),
        message('33.100', 'reader-pcsc.c:335:pcsc_transmit', '', '0x1'),
        dump('Incoming', '6A82'),
        message('33.199', 'reader-pcsc.c:335:pcsc_transmit', '', '0x2'),
        dump('Incoming', '6986'),
      ].join('\n'),
    );
    expect(shown(log)).toEqual([
      ['Reader 1', '00A40000', '6A82'],
      ['Reader 2', '00B0000001', '6986'],
    ]);
    expect(log.cards[1]?.entries[1]).toMatchObject({ milliseconds: 86_399_999 });
  });

  test('a command that failed ends with the code of PC/SC', () => {
    const log = readOpenScLog(
      [
        transmit('33.100', 'Reader 1'),
        dump('Outgoing', '00A40000'),
        message('33.2', 'x.c:1:y', ''),
        message(
          '33.200',
          'reader-pcsc.c:9:pcsc_internal_transmit',
          'Reader 1:SCardTransmit/Control failed: 0x80100069',
        ),
      ].join('\n'),
    );
    expect(shown(log)).toEqual([['Reader 1', '00A40000', '! failed ERR_SCARD_80100069']]);
  });

  test('a log that ends within an APDU loses that one and says so', () => {
    const log = readOpenScLog(
      `${dump('Outgoing', '00A40000')}\n${dump('Incoming', '9000')}\nOutgoing APDU (36 bytes):\n`,
    );
    expect(shown(log)).toEqual([[undefined, '00A40000', '9000']]);
    expect(log.notes).toEqual(['The log ends within an APDU, which is left out.']);
  });

  test.each([
    ['a dump cut in a line', 'Outgoing APDU (6 bytes):\n00 20 00 80 0', 2],
    ['a dump of other characters', 'Outgoing APDU (5 bytes):\n00 20 00 8x 00 .....', 1],
    ['an impossible length', 'Outgoing APDU (70000 bytes):\n00', 1],
    [
      'a response to nothing',
      `${dump('Outgoing', '00A40000')}\n${dump('Incoming', '9000')}\n${dump('Incoming', '9000')}`,
      7,
    ],
  ])('%s is refused with its line and without its bytes', (_, log, line) => {
    expect(() => readOpenScLog(log)).toThrow(expect.objectContaining({ code: 'ERR_TRACE_IMPORT', line }));
    expect(() => readOpenScLog(log)).not.toThrow(/00 20|8x/);
  });
});
