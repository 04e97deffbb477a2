import { fromHex, toHex } from '@jpki/iso7816';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTrace } from '../text/format.ts';
import { importTrace, logFormat } from './import-trace.ts';
import { MAX_LOG_CHARACTERS } from './log-lines.ts';

const spaced = (hex: string) => `${(hex.match(/../g) ?? []).join(' ')} `;

/** A log of pcscd of these exchanges. */
const pcscd = (...exchanges: readonly (readonly [command: string, response: string])[]) =>
  exchanges
    .map(([command, response]) => `00000100 APDU: ${spaced(command)}\n00000900 SW: ${spaced(response)}\n`)
    .join('');

const SELECT = ['00A4040C0AD392F000260100000001', '9000'] as const;
const SELECT_PIN = ['00A4020C020018', '9000'] as const;
/** VERIFY with an invented password in ASCII. */
const VERIFY = ['002000800438363432', '63C2'] as const;

describe('importing a log', () => {
  test.each([
    [
      'opensc',
      'P:1; T:0x1 11:22:33.444 [opensc-tool] x.c:1:y: \nOutgoing APDU (5 bytes):\n00 84 00 00 08 .....\n',
    ],
    ['opensc', 'Incoming APDU data [    2 bytes] =====\n'],
    ['pcscd', '00000000 APDU: 00 84 00 00 08 \n'],
    ['pcscd', '\u001b[36m00000006\u001b[0m [140628018640576] \u001b[34mAPDU: 00 84 00 00 08 \u001b[0m\n'],
    ['pcsc-spy', 'SCardEstablishContext\n i dwScope\n\u001b[34mSCardTransmit\u001b[0m\n'],
    ['pcsc-spy', ' (t0) SCardTransmit\r\n'],
    ['apdu4j', '# Generated on Sat by apdu4j/1\n'],
    ['apdu4j', 'A>> T=1 (4+0000) 00A40000\n'],
    ['apdu4j', '>> 00840000 08\n'],
  ])('knows the format %s from the text', (format, text) => {
    expect(logFormat(`some words\n\n${text}`)).toBe(format);
  });

  test.each([
    ['nothing', ''],
    ['prose', 'an APDU: 00 A4 was sent\n'],
    ['a trace', '#! apdu-trace 1\n> 00A40000\n< 9000\n'],
    ['what pcsc-spy reads', '7F943E8B7840@>|1795266107|359552|SCardTransmit\n7F943E8B7840@0x5E3FBBC1\n'],
    ['commands without bytes', '00000000 APDU: \n'],
  ])('%s is no log', (_, text) => {
    expect(() => importTrace(text)).toThrow(
      expect.objectContaining({ code: 'ERR_TRACE_IMPORT', line: undefined }),
    );
  });

  /** The same exchanges as each of the programs writes them. */
  const LOGS = {
    pcscd,
    opensc: (...exchanges: readonly (readonly [string, string])[]) =>
      exchanges
        .map(
          ([command, response]) =>
            `Outgoing APDU (${command.length / 2} bytes):\n${spaced(command)}...\n\nIncoming APDU (${response.length / 2} bytes):\n${spaced(response)}..\n`,
        )
        .join('\n'),
    apdu4j: (...exchanges: readonly (readonly [string, string])[]) =>
      exchanges.map(([command, response]) => `# Sent\n${command}\n# Received in 9ms\n${response}\n`).join(''),
    'pcsc-spy': (...exchanges: readonly (readonly [string, string])[]) =>
      exchanges
        .map(([command, response]) =>
          [
            'SCardTransmit',
            ` i bSendLength 0x${(command.length / 2).toString(16)}`,
            ' i bSendBuffer',
            ` i  0000 ${spaced(command).padEnd(48)}...`,
            ` o bRecvLength 0x${(response.length / 2).toString(16)}`,
            ' o bRecvBuffer',
            ` o  0000 ${spaced(response).padEnd(48)}..`,
            ' => Command successful. (SCARD_S_SUCCESS [0x00000000])  [0.000900]\n',
          ].join('\n'),
        )
        .join(''),
  } as const;

  test.each([
    ['pcscd', 'person'],
    ['pcscd', 'invented'],
    ['opensc', 'person'],
    ['opensc', 'invented'],
    ['apdu4j', 'person'],
    ['apdu4j', 'invented'],
    ['pcsc-spy', 'person'],
    ['pcsc-spy', 'invented'],
  ] as const)('the PIN in a log of %s is not in the trace, if the holder is %s', (format, holder) => {
    const log = LOGS[format](SELECT, SELECT_PIN, VERIFY);
    expect(log.replaceAll(' ', '')).toContain('38363432');
    expect(logFormat(log)).toBe(format);
    const text = formatTrace(importTrace(log, { holder }));
    expect(text).toMatch(/\n> 0020008004\{pin:4\}\n< 63C2( @\S+)?\n$/);
    expect(text).not.toContain('38363432');
  });

  test.each(Object.entries(LOGS))(
    'a log of %s that was cut anywhere is read up to there',
    (format, write) => {
      const whole = write(SELECT, SELECT_PIN, VERIFY);
      const first = write(SELECT).length;
      const commands = formatTrace(importTrace(whole)).match(/^> .*$/gm) ?? [];
      expect(commands).toHaveLength(3);
      for (let end = first; end < whole.length; end++) {
        const text = formatTrace(importTrace(whole.slice(0, end), { format: format as keyof typeof LOGS }));
        expect(text.match(/^> .*$/gm)?.[0]).toBe(commands[0]);
        expect(text.replaceAll(/\s/g, '')).not.toContain('3836');
      }
    },
  );

  test.each(Object.entries(LOGS))('a command that was under way when %s ended is there', (_, write) => {
    const log = write(SELECT, SELECT_PIN, VERIFY);
    const answer = Math.max(log.lastIndexOf('63C2'), log.lastIndexOf('63 C2'));
    const text = formatTrace(importTrace(log.slice(0, log.lastIndexOf('\n', answer) + 1)));
    expect(text).toMatch(/\n> 0020008004\{pin:4\}\n! failed ERR_LOG_NO_RESPONSE\n$/);
  });

  test('says that half a line was left out, and does not leave out a line in the middle', () => {
    const log = pcscd(SELECT, SELECT_PIN).trimEnd();
    expect(importTrace(`${log}\n00000100 APDU: 00 2`).entries).toContainEqual({
      type: 'note',
      text: 'The log ends within a line, which is left out.',
    });
    expect(() => importTrace(`${log}\n00000100 APDU: 00 2\n`)).toThrow('line 5');
    expect(() => importTrace(log.replace('00 A4 02', '0 A4 02'))).toThrow('line 3');
  });

  test('the holder is a person unless it is said otherwise, and what is theirs is left out', () => {
    const file = ['00B0000004', `${toHex(new TextEncoder().encode('NAME'))}9000`] as const;
    const log = pcscd(SELECT, ['00A4020C02000A', '9000'], file);
    const trace = importTrace(log);
    expect(trace.header.holder).toBe('person');
    expect(formatTrace(trace)).not.toContain('4E414D45');
    expect(formatTrace(importTrace(log, { holder: 'invented' }))).toContain('4E414D45');
  });

  test('the header says where it comes from; given fields win, but not over the holder', () => {
    const trace = importTrace(pcscd(SELECT), { header: { title: 'a try', software: 'OpenSC' } });
    expect(trace.header).toEqual({
      title: 'a try',
      software: 'OpenSC',
      source: 'a log of pcscd',
      obtained: 'imported from a log of pcscd',
      holder: 'person',
    });
    expect(trace.entries[0]).toMatchObject({ type: 'note' });
    expect(trace.entries[2]).toMatchObject({ type: 'response', milliseconds: 0.9 });
  });

  describe('of several readers', () => {
    const opensc = (reader: string, command: string) =>
      [
        `P:1; T:0x1 11:22:33.444 [a] r.c:1:pcsc_transmit: reader '${reader}'`,
        `Outgoing APDU (4 bytes):\n${spaced(command)}....`,
        'Incoming APDU (2 bytes):\n90 00 ..',
      ].join('\n');
    const log = [
      opensc('Reader A', '00A40001'),
      opensc('Reader B', '00A40002'),
      opensc('Reader B', '00A40003'),
      opensc('Reader\u202E C', '00A40004'),
    ].join('\n');
    const commands = (reader?: string) => {
      const trace = importTrace(log, { holder: 'invented', ...(reader !== undefined && { reader }) });
      return formatTrace(trace).match(/^> .*$/gm);
    };

    test('takes the one with the most commands, and says what it left out', () => {
      expect(commands()).toEqual(['> 00A40002', '> 00A40003']);
      const [note] = importTrace(log).entries;
      expect(note).toMatchObject({
        type: 'note',
        text: expect.stringContaining('Reader A (1 commands), Reader? C'),
      });
    });

    test('takes the one asked for, by a part of its name', () => {
      expect(commands('Reader A')).toEqual(['> 00A40001']);
      expect(commands('C')).toEqual(['> 00A40004']);
      expect(() => commands('Z')).toThrow(/Reader A, Reader B, Reader\? C/);
    });
  });

  test('a log beyond the bounds is refused at once', () => {
    expect(() => importTrace(' '.repeat(MAX_LOG_CHARACTERS + 1))).toThrow(/too long/);
    expect(() => importTrace('\n'.repeat(1_000_001))).toThrow(/too long/);
  });

  test('a line of megabytes costs no more than its length', () => {
    const junk = `00000000 ${'x: '.repeat(1_000_000)}\n`;
    expect(importTrace(`${junk}${pcscd(SELECT)}${junk}`).entries).toHaveLength(3);
  });

  test.each([
    ['pcscd', `00000000 ${'A'.repeat(190_000)}\n`],
    ['pcscd', `00000000 ${'SCard'.repeat(38_000)}\n`],
    ['pcscd', `00000000 ${'Received command: A'.repeat(10_000)}\n`],
    ['opensc', `P:1; T:0x1 11:22:33.444 [a] r.c:1:pcsc_transmit: ${'SCardTransmit'.repeat(14_000)}\n`],
    ['apdu4j', `<< ${'('.repeat(190_000)}\n`],
    ['pcsc-spy', `SCardTransmit\n => ${'[0x00000000]) '.repeat(13_000)}\n`],
    ['pcsc-spy', `\u001b[${'1;'.repeat(90_000)}\n${' '.repeat(190_000)}x\n`],
  ] as const)('no line makes the reader of %s search for long', (format, line) => {
    expect(() => importTrace(line.repeat(40), { format })).toThrow(/no APDU/);
    expect(() => importTrace(line.repeat(40))).toThrow(expect.objectContaining({ code: 'ERR_TRACE_IMPORT' }));
  });

  test('whatever is done to a log, the import gives a trace or its own error, and never the PIN', () => {
    const log = pcscd(SELECT, SELECT_PIN, VERIFY, SELECT);
    const mangled = fc
      .array(fc.tuple(fc.nat(log.length), fc.nat(6), fc.constantFrom('', '\n', ' ', '0', ': ', 'SW: ')), {
        maxLength: 4,
      })
      .map((cuts) =>
        cuts.reduce((text, [at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone), log),
      );
    fc.assert(
      fc.property(mangled, fc.constantFrom('opensc', 'pcscd', 'apdu4j', 'pcsc-spy'), (text, format) => {
        try {
          expect(formatTrace(importTrace(text, { format }))).not.toContain('38363432');
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_TRACE_IMPORT' });
          expect(String(error)).not.toMatch(/38 ?36 ?34/);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('bytes come as they were', () => {
    const bytes = fc.uint8Array({ minLength: 4, maxLength: 400 });
    fc.assert(
      fc.property(bytes, bytes, (data, answer) => {
        const command = toHex(Uint8Array.of(0, 0xca, ...data));
        const trace = importTrace(pcscd([command, toHex(answer)]), { holder: 'invented' });
        const [, sent, received] = trace.entries;
        expect(sent).toMatchObject({ bytes: [fromHex(command)] });
        expect(received).toMatchObject({ bytes: [answer] });
      }),
      { numRuns: 50 },
    );
  });
});
