import { fromHex, toHex } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { isPlain } from '../masked-bytes.ts';
import type { MaskedBytes } from '../model.ts';
import { formatEntry } from '../text/format.ts';
import { type RawEntry, Redactor, redacted } from './redact.ts';

const JPKI = ['00A4040C0AD392F000260100000001', '9000'] as const;
const TEXT = ['00A4040C0AD3921000310001010408', '9000'] as const;
const MANAGER = ['00A4040C07A0000001510000', '9000'] as const;
const COMMON = ['00A4040C0AD3921000310001010100', '9000'] as const;

type Exchange = readonly (readonly [command: string, response: string])[];

function raw(exchange: Exchange): RawEntry[] {
  return exchange.flatMap(([command, response]) => [
    { type: 'command' as const, bytes: fromHex(command) },
    { type: 'response' as const, bytes: fromHex(response) },
  ]);
}

/** Marks are random; in a shown text each is `:mark`. */
function shown(bytes: MaskedBytes): string {
  const text = (piece: MaskedBytes[number]) => {
    if (isPlain(piece)) return toHex(piece);
    return `{${piece.type}:${piece.length}${piece.mark ? ':mark' : ''}}`;
  };
  return bytes.map(text).join('');
}

/** The last command and response of an exchange, redacted. */
function last(holder: 'person' | 'invented', ...exchange: Exchange): [command: string, response: string] {
  const redactor = new Redactor({ holder });
  let shownLast: [string, string] = ['', ''];
  for (const [command, response] of exchange) {
    const first = shown(redactor.command(fromHex(command)));
    shownLast = [first, shown(redactor.response(fromHex(response)))];
  }
  return shownLast;
}

const commandOf = (holder: 'person' | 'invented', command: string) =>
  last(holder, JPKI, [command, '9000'])[0];

test.each([
  ['what a reader passes on', 'FF00000009 0020008004 31323334', 'FF00000009{data:9}'],
  ['what an RC-S300 passes on', 'FF50000100000B 9509 0020008004 31323334 000000', 'FF500001{data:17}'],
  [
    'what is passed on in a transparent session',
    'FFC200010B 9509 0020008004 31323334',
    'FFC200010B{data:11}',
  ],
  ['a GET RESPONSE with data', '00C0000004 31323334', '00C0000004{data:4}'],
])('%s may be a command with a PIN, whoever the holder is', (_, command, expected) => {
  expect(commandOf('invented', command).replaceAll(':mark', '')).toBe(expected);
  expect(commandOf('person', command)).not.toContain('31323334');
});

test.each(['00C0000010', '00C0000000', 'FFCA000000', 'FFCA000004', 'FF82000006FFFFFFFFFFFF'])(
  '%s carries no other command, and stays as it is for an invented holder',
  (command) => {
    expect(commandOf('invented', command)).toBe(command);
  },
);

describe.each(['person', 'invented'] as const)('a PIN of an %s holder', (holder) => {
  test.each([
    ['002000800431323334', '0020008004{pin:4}'],
    ['00200080043132333400', '0020008004{pin:4}00'],
    ['00200080000004 31323334', '00200080000004{pin:4}'],
    ['0021008004 31323334', '0021008004{pin:4}'],
    ['1020008004 31323334', '1020008004{pin:4}'],
    ['4120008004 31323334', '4120008004{pin:4}'],
    ['8020008004 31323334', '8020008004{pin:4}'],
    ['08200091138611010102030405060708090A0B0C0D0E0F00', '0820009113{pin:19}'],
    ['0024018004 31323334', '0024018004{pin:4}'],
    ['0025018004 31323334', '0025018004{pin:4}'],
    ['002C018004 31323334', '002C018004{pin:4}'],
    ['802D018004 31323334', '802D018004{pin:4}'],
    ['8032008004 31323334', '8032008004{pin:4}'],
    ['0026008004 31323334', '0026008004{pin:4}'],
    // Frames that do not fit: every byte after P2 might be the PIN.
    ['0020008004 313233', '00200080{pin:4}'],
    ['0020008003 31323334', '00200080{pin:5}'],
    ['0020008031', '00200080{pin:1}'],
    ['00200080003132', '00200080{pin:3}'],
    ['00200080003100', '00200080{pin:3}'],
    // These ask, and hold nothing.
    ['00200080', '00200080'],
    ['0020008000', '0020008000'],
  ])('is masked without a mark: %s', (command, expected) => {
    expect(commandOf(holder, command)).toBe(expected);
  });

  test('is masked inside ENVELOPE, and so is a key for secure messaging', () => {
    expect(commandOf(holder, '00C2000009002000800431323334')).toBe('00C2000009{data:9}');
    // A length that is wrong may be a digit.
    for (const tail of ['31', '0031', '003132', '0431', '04313233'])
      expect(commandOf(holder, `00C20000${tail}`)).toBe(`00C20000{data:${tail.length / 2}}`);
    expect(commandOf(holder, '80AE0000020102')).toBe('80AE000002{data:2}');
  });
});

describe("a person's command", () => {
  const digest = '00'.repeat(32);
  const info = `3031300D060960864801650304020105000420${digest}`;

  test.each([
    ['00A4020C020018', '00A4020C020018'],
    ['00B0010000', '00B0010000'],
    ['00CA00F200', '00CA00F200'],
  ])('stays readable where it tells nothing: %s', (command, expected) => {
    expect(commandOf('person', command)).toBe(expected);
  });

  test.each([
    [`802A008033${info}00`, `802A008033${info.slice(0, 38)}{data:32:mark}00`],
    [`802A048020${digest}00`, '802A048020{data:32:mark}00'],
    [`802A000020${digest}00`, '802A000020{data:32:mark}00'],
    [`802A010020${digest}00`, '802A010020{data:32:mark}00'],
    [`902A008033${info}00`, '902A008033{data:51:mark}00'],
    ['00DB3FFF03 010203', '00DB3FFF03{data:3}'],
    ['0088009903 01020300', '0088009903{data:3}00'],
    ['08B0000000000596030000000000', '08B00000000005{data:5}0000'],
    ['00A4020C11 0102030405060708090A0B0C0D0E0F1011', '00A4020C11{data:17:mark}'],
    ['00DB3FFF05 010203', '00DB3FFF{data:4}'],
    ['80A4040C02 0102', '80A4040C02{data:2}'],
    ['0102', '0102'],
  ])('is masked where it may tell something: %s', (command, expected) => {
    expect(commandOf('person', command)).toBe(expected);
  });
});

describe("a person's response", () => {
  test.each<[string, Exchange, string]>([
    [
      'a certificate, but for tag and length',
      [JPKI, ['00B08A0000', '308206320102039000']],
      '30820632{certificate:3}9000',
    ],
    [
      'the rest of a certificate',
      [JPKI, ['00A4020C02000A', '9000'], ['00B0010000', '0102039000']],
      '{certificate:3}9000',
    ],
    [
      'the rest that GET RESPONSE fetches',
      [JPKI, ['00B08A0000', '3082063261 03'], ['00C0000003', '0102039000']],
      '{certificate:3}9000',
    ],
    ['a CA certificate: public', [JPKI, ['00B0820000', '308206329000']], '308206329000'],
    ['the serial number of the token', [JPKI, ['00B0864E06', '4142313233349000']], '4142{personal:4}9000'],
    ['personal records', [TEXT, ['00B0820000', 'FF2003DF22019000']], 'FF2003{personal:3}9000'],
    ['the number', [TEXT, ['00B0810000', 'FF100C3131319000']], 'FF100C{personal:3}9000'],
    [
      'what should begin with a tag and does not',
      [TEXT, ['00B0820000', '31333231339000']],
      '{personal:5}9000',
    ],
    ['the card number', [COMMON, ['00B2010C00', '011C313233349000']], '011C{personal:4}9000'],
    ['the municipality', [MANAGER, ['00CA00F000', '31333232319000']], '{personal:5}9000'],
    ['card recognition data: public', [MANAGER, ['00CA006600', '01029000']], '01029000'],
    ['a data object off the map', [MANAGER, ['00CA00F900', '01029000']], '{data:2}9000'],
    ['the same tag with an application selected', [JPKI, ['00CA006600', '01029000']], '{data:2}9000'],
    ['a file off the map', [JPKI, ['00B0850000', '01029000']], '{data:2}9000'],
    ['a file of no known application', [['00B0820000', '308206329000']], '{data:4}9000'],
    [
      'a public file after the SELECT of another failed',
      [JPKI, ['00A4020C020002', '9000'], ['00A4020C020001', '6A82'], ['00B0000000', '3082019000']],
      '{data:3}9000',
    ],
    ['a signature', [JPKI, ['802A009A030102 0300', '0102039000']], '{signature:3}9000'],
    [
      'an answer under secure messaging',
      [TEXT, ['08B0820000000596030000000000', '8601019000']],
      '{data:3}9000',
    ],
    ['what a SELECT tells', [['00A404000AD392F00026010000000100', '6F01009000']], '{data:3}9000'],
    ['an answer without a status word', [TEXT, ['00B0820000', '313233']], '{personal:3}'],
    ['an answer of one byte', [TEXT, ['00B0820000', '31']], '{personal:1}'],
    ['a status word', [JPKI, ['00200080', '63C3']], '63C3'],
  ])('%s', (_, exchange, expected) => {
    expect(last('person', ...exchange)[1]).toBe(expected);
  });

  test('carries the same mark for the same bytes, and another one in another recording', () => {
    const RECORD = 'FF2008AABBCCDDAABBCCDD9000';
    const bytes = () =>
      redacted(raw([TEXT, ['00B0820000', RECORD], ['00B0820000', RECORD]]), {
        holder: 'person',
      });
    const marks = [...bytes(), ...bytes()]
      .map((entry) => formatEntry(entry))
      .flatMap((line) => /\{personal:8:([0-9A-F]{16})\}/.exec(line)?.[1] ?? []);
    expect(marks).toHaveLength(4);
    expect(marks[0]).toBe(marks[1]);
    expect(marks[0]).not.toBe(marks[2]);
  });
});

describe('redaction', () => {
  test('leaves an invented holder readable', () => {
    expect(last('invented', TEXT, ['00B0820000', 'FF2003AABBCC9000'])[1]).toBe('FF2003AABBCC9000');
  });

  test('shares no memory with what it was given', () => {
    const redactor = new Redactor({ holder: 'invented' });
    const command = fromHex('00A4020C020018');
    const kept = redactor.command(command);
    command.fill(0);
    expect(shown(kept)).toBe('00A4020C020018');
  });

  test('forgets what is selected at every event', () => {
    const entries: RawEntry[] = [
      ...raw([JPKI]),
      { type: 'event', event: 'reset' },
      ...raw([['00B0820000', '308206329000']]),
    ];
    expect(formatEntry(redacted(entries, { holder: 'person' })[4] ?? { type: 'note', text: 'absent' })).toBe(
      '< {data:4}9000\n',
    );
  });

  test('can be done again, and keeps the placeholders it finds', () => {
    const redactor = new Redactor({ holder: 'person' });
    redactor.command(fromHex(JPKI[0]));
    redactor.response(fromHex('9000'));
    const first = redactor.command([fromHex('0020009804'), { type: 'pin', length: 4 }]);
    expect(shown(first)).toBe('0020009804{pin:4}');
  });
});
