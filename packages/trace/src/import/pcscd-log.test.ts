import { toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import type { Log } from './card-stream.ts';
import { readPcscdLog } from './pcscd-log.ts';

const shown = (log: Log) =>
  log.cards.map(({ reader, entries }) => [
    reader,
    ...entries.map((entry) => (entry.type === 'event' ? `! ${entry.event}` : toHex(entry.bytes))),
  ]);

/** Lines as pcscd 1.9.9 writes them, a millisecond apart; with a thread in colours. */
const pcscd = (...lines: readonly (string | readonly [thread: string, text: string])[]) =>
  lines
    .map((line) =>
      typeof line === 'string'
        ? `00001000 ${line}\n`
        : `\u001b[36m00001000\u001b[0m [${line[0]}] \u001b[34m${line[1]}\u001b[0m\n`,
    )
    .join('');

const received = (command: string, client: number) =>
  `winscard_svc.c:361:ContextThread() Received command: ${command} from client ${client}`;
const done = (command: string, client: number, result = 'SCARD_S_SUCCESS') =>
  `winscard_svc.c:694:ContextThread() ${command} for client ${client}, rv=${result}`;
const connect = (client: number, reader: string) => [
  received('CONNECT', client),
  `winscard.c:258:SCardConnect() Attempting Connect to ${reader} using protocol: 3`,
  'winscard.c:430:SCardConnect() Active Protocol: T=1',
  done('CONNECT', client),
];
const transmit = (client: number, command: string, response: string) => [
  received('TRANSMIT', client),
  `APDU: ${command} `,
  `SW: ${response} `,
  done('TRANSMIT', client),
];

describe('the log of pcscd', () => {
  test('of APDUs alone gives commands, responses and times, and a note that readers have no names', () => {
    const log = readPcscdLog(
      '00000000 APDU: 00 A4 00 00 \n00012345 SW: 6A 82 \n00000700 ifdwrapper.c:477:IFDControl() Card not transacted: 606\n',
    );
    expect(shown(log)).toEqual([[undefined, '00A40000', '6A82']]);
    expect(log.cards[0]?.entries[1]).toMatchObject({ milliseconds: 12.3 });
    expect(log.notes).toHaveLength(1);
  });

  test('with --debug names the reader, the ATR, the protocol, the version, resets and removals', () => {
    const log = readPcscdLog(
      pcscd(
        'pcscdaemon.c:666:main() pcsc-lite 1.9.9 daemon ready.',
        'eventhandler.c:423:EHStatusHandlerThread() Card inserted into Reader 1',
        'Card ATR: 3B 80 01 81 ',
        ...connect(10, 'Reader 1'),
        ...transmit(10, '00 A4 00 00', '90 00'),
        received('DISCONNECT', 10),
        'winscard.c:921:SCardDisconnect() Reset complete.',
        done('DISCONNECT', 10),
        'eventhandler.c:358:EHStatusHandlerThread() Card Removed From Reader 1',
      ),
    );
    expect(log.software).toBe('pcsc-lite 1.9.9');
    expect(log.notes).toEqual([]);
    expect(shown(log)).toEqual([['Reader 1', '00A40000', '9000', '! reset', '! removed']]);
    expect(log.cards[0]).toMatchObject({
      protocol: 'T=1',
      atr: Uint8Array.of(0x3b, 0x80, 1, 0x81),
      commands: 1,
    });
  });

  test('out of a journal is read the same', () => {
    const log = readPcscdLog(
      'Nov 21 12:00:00 host pcscd[77]: 00000010 APDU: 00 A4 00 00 \nNov 21 12:00:00 host pcscd[77]: 00000010 SW: 90 00 \n',
    );
    expect(shown(log)).toEqual([[undefined, '00A40000', '9000']]);
  });

  test('two clients with a reader each are kept apart', () => {
    const log = readPcscdLog(
      pcscd(
        ...connect(10, 'Reader 1'),
        ...connect(11, 'Reader 2'),
        ...transmit(10, '00 A4 00 01', '90 00'),
        ...transmit(11, '00 A4 00 02', '6A 82'),
        'winscard_svc.c:354:ContextThread() Client die: 11',
        ...transmit(10, '00 A4 00 03', '90 00'),
      ),
    );
    expect(shown(log)).toEqual([
      ['Reader 1', '00A40001', '9000', '00A40003', '9000'],
      ['Reader 2', '00A40002', '6A82'],
    ]);
  });

  test('their interleaved APDUs are told apart by thread, and refused where the log has no threads', () => {
    const at = (thread: string, ...lines: readonly string[]) => lines.map((line) => [thread, line] as const);
    const interleaved = [
      ...at('1', received('TRANSMIT', 10)),
      ...at('2', received('TRANSMIT', 11)),
      ...at('1', 'APDU: 00 A4 00 01 '),
      ...at('2', 'APDU: 00 A4 00 02 ', 'SW: 6A 82 '),
      ...at('1', 'SW: 90 00 '),
    ];
    const before = [...at('1', ...connect(10, 'Reader 1')), ...at('2', ...connect(11, 'Reader 2'))];
    expect(shown(readPcscdLog(pcscd(...before, ...interleaved)))).toEqual([
      ['Reader 1', '00A40001', '9000'],
      ['Reader 2', '00A40002', '6A82'],
    ]);
    const plain = [...before, ...interleaved].map(([, line]) => line);
    expect(() => readPcscdLog(pcscd(...plain))).toThrow(
      expect.objectContaining({
        code: 'ERR_TRACE_IMPORT',
        line: 11,
        advice: expect.stringContaining('--color'),
      }),
    );
  });

  test('a program with two readers open is refused: nobody knows which card an APDU went to', () => {
    const log = pcscd(
      ...connect(10, 'Reader 1'),
      ...connect(10, 'Reader 2'),
      ...transmit(10, '00 A4 00 00', '90 00'),
    );
    expect(() => readPcscdLog(log)).toThrow(expect.objectContaining({ line: 10 }));
  });

  test('a program that opens readers one after the other is not', () => {
    const log = pcscd(
      ...connect(10, 'Reader 1'),
      received('DISCONNECT', 10),
      done('DISCONNECT', 10),
      ...connect(10, 'Reader 2'),
      ...transmit(10, '00 A4 00 00', '90 00'),
    );
    expect(shown(readPcscdLog(log))).toContainEqual(['Reader 2', '00A40000', '9000']);
  });

  test('an empty answer is a failure, and so is none', () => {
    const log = pcscd(
      ...connect(10, 'Reader 1'),
      ...transmit(10, '00 A4 00 00', ''),
      received('TRANSMIT', 10),
      'APDU: 00 A4 00 01 ',
      done('TRANSMIT', 10, 'SCARD_W_REMOVED_CARD'),
      received('TRANSMIT', 10),
      'APDU: 00 A4 00 02 ',
    );
    expect(shown(readPcscdLog(log))).toEqual([
      ['Reader 1', '00A40000', '! failed', '00A40001', '! failed', '00A40002', '! failed'],
    ]);
  });

  test('a wait too long for the log has no time, and the next has one again', () => {
    const log = readPcscdLog(
      '00000000 APDU: 00 A4 00 00 \n99999999 SW: 90 00 \n00000000 APDU: 00 A4 00 00 \n00002000 SW: 90 00 \n',
    );
    expect(
      log.cards[0]?.entries.map((entry) => ('milliseconds' in entry ? entry.milliseconds : 'none')),
    ).toEqual(['none', 'none', 'none', 2]);
  });

  test('a response at the beginning of a log, its command cut off, is left out', () => {
    const log = readPcscdLog('00000000 SW: 90 00 \n00000000 APDU: 00 A4 00 00 \n00000000 SW: 6A 82 \n');
    expect(shown(log)).toEqual([[undefined, '00A40000', '6A82']]);
    expect(log.cards[0]?.beganWithin).toBe(true);
  });

  test.each([
    ['half a byte', '00000000 APDU: 00 20 00 80 04 31 3'],
    ['no command', '00000000 APDU: 00 20 '],
    ['an endless line', `00000000 APDU: ${'00 '.repeat(100_000)}`],
    ['two APDUs without an answer between', '00000000 APDU: 00 A4 00 00 \n00000000 APDU: 00 A4 00 00 '],
  ])('%s is refused', (_, log) => {
    expect(() => readPcscdLog(log)).toThrow(expect.objectContaining({ code: 'ERR_TRACE_IMPORT' }));
  });
});
