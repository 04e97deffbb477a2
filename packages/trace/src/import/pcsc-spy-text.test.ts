import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import type { Log } from './card-stream.ts';
import { readPcscSpyText } from './pcsc-spy-text.ts';

const shown = (log: Log) =>
  log.cards
    .filter(({ entries }) => entries.length > 0)
    .map(({ reader, entries }) => [
      reader,
      ...entries.map((entry) => (entry.type === 'event' ? `! ${entry.event}` : toHex(entry.bytes))),
    ]);

const OK = '=> Command successful. (SCARD_S_SUCCESS [0x00000000])  [0.000674]';

/** A dump of pcsc-spy: offset, 16 bytes, characters. */
const dump = (direction: string, hex: string) =>
  (hex.match(/.{1,32}/g) ?? []).map((row, index) => {
    const bytes = row.match(/../g) ?? [];
    return `${direction}  ${(16 * index).toString(16).toUpperCase().padStart(4, '0')} ${bytes.join(' ').padEnd(47)} ${'.'.repeat(bytes.length)}`;
  });

const length = (hex: string) =>
  `0x${(hex.length / 2).toString(16).toUpperCase().padStart(8, '0')} (${hex.length / 2})`;

/** One call as pcsc-spy prints it, without the blanks before its lines. */
const connect = (reader: string, card: string) => [
  'SCardConnect',
  'i hContext: 0x5D23BE9F',
  `i szReader ${reader}`,
  'i dwShareMode: SCARD_SHARE_SHARED (0x00000002)',
  `o phCard ${card}`,
  'o dwActiveProtocol: T=1 (0x00000002)',
  OK,
];
const transmit = (card: string, command: string, response: string, result = OK) => [
  'SCardTransmit',
  `i hCard: ${card}`,
  `i bSendLength ${length(command)}`,
  'i bSendBuffer',
  ...dump('i', command),
  `o bRecvLength ${length(response)}`,
  'o bRecvBuffer',
  ...dump('o', response),
  result,
];

/** The print: names of calls at the margin, the rest one blank in; four blanks more for each thread before. */
const print = (calls: readonly (readonly string[])[], margin = '') =>
  `${calls.flatMap((lines) => lines.map((line, index) => `${margin}${index === 0 ? '' : ' '}${line}`)).join('\n')}\n`;

const LONG = `00D60000${'41'.repeat(40)}`;

describe('the print of pcsc-spy', () => {
  test('gives commands, responses, times, reader, protocol and the ATR of the status', () => {
    const status = [
      'SCardGetStatusChange',
      'i cReaders: 1',
      'i szReader: Reader 1',
      'i  Atr: ',
      'o szReader: Reader 1',
      'o  dwEventState: SCARD_STATE_CHANGED, SCARD_STATE_PRESENT (0x00010022)',
      'o  Atr length: 0x00000004 (4)',
      'o  Atr: 3B 80 01 81',
      OK,
    ];
    const log = readPcscSpyText(
      print([status, connect('Reader 1', '0x1 (1)'), transmit('0x1', LONG, '6A82')]),
    );
    expect(shown(log)).toEqual([['Reader 1', LONG, '6A82']]);
    expect(log.cards[0]).toMatchObject({ protocol: 'T=1', atr: Uint8Array.of(0x3b, 0x80, 1, 0x81) });
    expect(log.cards[0]?.entries[1]).toMatchObject({ milliseconds: 0.7 });
  });

  test('for diff has no times and no handles, and is read while one reader is open', () => {
    const hidden = '=> Command successful. (SCARD_S_SUCCESS [0x00000000])  [??.??]';
    const diffable = (hex: string) => transmit('0x????', hex, '9000', hidden);
    const leave = [
      'SCardDisconnect',
      'i hCard: 0x????',
      'i dwDisposition: SCARD_LEAVE_CARD (0x00000000)',
      hidden,
    ];
    const log = readPcscSpyText(
      print([
        connect('Reader 1', '0x0CD35FB6 (215179190)'),
        diffable('00A40000'),
        leave,
        connect('Reader 2', '0x0CD35FB7 (215179191)'),
        diffable('00A40001'),
      ]),
    );
    expect(shown(log)).toEqual([
      ['Reader 1', '00A40000', '9000'],
      ['Reader 2', '00A40001', '9000'],
    ]);
    expect(log.cards[0]?.entries[1]).not.toHaveProperty('milliseconds');
    const both = print([
      connect('Reader 1', '0x1 (1)'),
      connect('Reader 2', '0x2 (2)'),
      diffable('00A40000'),
    ]);
    expect(() => readPcscSpyText(both)).toThrow(
      expect.objectContaining({ code: 'ERR_TRACE_IMPORT', line: 15 }),
    );
  });

  test('in colours, and of several threads mixed line by line, is read the same', () => {
    const one = print([connect('Reader 1', '0x1 (1)'), transmit('0x1', '00A40001', '9000')]).split('\n');
    const two = print([connect('Reader 2', '0x2 (2)'), transmit('0x2', '00A40002', '6A82')], '    ').split(
      '\n',
    );
    const mixed = one.flatMap((line, index) => [`\u001b[32m${line}\u001b[0m`, two[index] ?? '']).join('\n');
    expect(shown(readPcscSpyText(mixed))).toEqual([
      ['Reader 1', '00A40001', '9000'],
      ['Reader 2', '00A40002', '6A82'],
    ]);
    const numbered = print(
      [connect('Reader 3', '0x3 (3)'), transmit('0x3', '00A40003', '9000')],
      '     (t1) ',
    );
    expect(shown(readPcscSpyText(numbered))).toEqual([['Reader 3', '00A40003', '9000']]);
  });

  test('resets, removals and failures become events', () => {
    const failed = (name: string, code: string) =>
      transmit('0x1', '00A40000', '', `=> Failed. (${name} [0x${code}])  [0.000127]`);
    const log = readPcscSpyText(
      print([
        connect('Reader 1', '0x1 (1)'),
        ['SCardReconnect', 'i hCard: 0x1', 'i dwInitialization 0x00000001 (1)', OK],
        failed('SCARD_W_RESET_CARD', '80100068'),
        failed('SCARD_E_NOT_TRANSACTED', '80100016'),
        failed('SCARD_W_REMOVED_CARD', '80100069'),
        ['SCardEndTransaction', 'i hCard: 0x1', 'i dwDisposition: SCARD_LEAVE_CARD (0x00000000)', OK],
        ['SCardDisconnect', 'i hCard: 0x1', 'i dwDisposition: SCARD_UNPOWER_CARD (0x00000002)', OK],
      ]),
    );
    expect(shown(log)).toEqual([
      [
        'Reader 1',
        '! reset',
        '00A40000',
        '! reset',
        '00A40000',
        '! failed',
        '00A40000',
        '! removed',
        '! reset',
      ],
    ]);
  });

  test.each([
    ['a missing line of a dump', transmit('0x1', LONG, '9000').filter((line) => !line.startsWith('i  0010'))],
    ['a missing last line', transmit('0x1', LONG, '9000').filter((line) => !line.startsWith('i  0020'))],
    ['a command without bytes', transmit('0x1', '', '9000')],
  ])('%s is refused', (_, call) => {
    expect(() => readPcscSpyText(print([connect('Reader 1', '0x1 (1)'), call]))).toThrow(
      expect.objectContaining({ code: 'ERR_TRACE_IMPORT' }),
    );
  });

  test('a print that ends within a call has its command, if that is whole', () => {
    const cut = (lines: number) =>
      print([
        connect('Reader 1', '0x1 (1)'),
        transmit('0x1', '00A40000', '9000'),
        transmit('0x1', '00A40001', '9000').slice(0, lines),
      ]);
    expect(shown(readPcscSpyText(cut(5)))).toEqual([
      ['Reader 1', '00A40000', '9000', '00A40001', '! failed'],
    ]);
    expect(shown(readPcscSpyText(cut(3)))).toEqual([['Reader 1', '00A40000', '9000']]);
  });
});
