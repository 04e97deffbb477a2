import { fromHex, toHex } from '@jpki/iso7816';
import { CardView, type CommandEntry, parseTrace } from '@jpki/trace';
import { describe, expect, it } from 'vitest';
import { harmlessCommand, type SkipReason } from './harmless-commands.ts';

/** What becomes of a command as it stands in a trace. */
function judged(text: string): string {
  const [entry] = parseTrace(`#! apdu-trace 1\n> ${text}\n`).entries;
  if (entry?.type !== 'command') throw new TypeError('no command');
  const result = judgment(entry);
  return typeof result === 'string' ? result : toHex(result);
}

function judgment(entry: CommandEntry): Uint8Array | SkipReason {
  return harmlessCommand(entry, new CardView().command(entry.bytes));
}

describe('what a trace may send to a card again', () => {
  it.each([
    '00A4040C0AD392F000260100000001',
    '00A4020C020018',
    '00B0000000',
    '00B18000025400FF',
    '00B2010400',
    '00CA006600',
    '80CA9F7F00',
    '00C0000010',
    '0084000008',
    '00200080',
    '0020008000',
  ])('%s is as harmless as it looks', (hex) => {
    expect(judged(hex)).toBe(hex);
  });

  it.each<[string, string, SkipReason]>([
    ['a VERIFY whose PIN was left out', '0020008004{pin:4}', 'secret'],
    ['a VERIFY with a PIN that somebody wrote in', '002000800431323334', 'secret'],
    ['a CHANGE', '00240180083132333435363738', 'secret'],
    ['a CHANGE without data', '00240180', 'secret'],
    ['a CHANGE KEY of JICSAP', '803200800431323334', 'secret'],
    ['a RESET RETRY COUNTER', '002C00010831323334', 'secret'],
    ['an ENVELOPE', '00C2000009002000800431323334', 'secret'],
    ['what is encrypted', '0CA4020C05870102AABB00', 'unknown'],
    ['a signature', '802A008003010203', 'signature'],
    ['an INTERNAL AUTHENTICATE', '0088008008010203040506070800', 'signature'],
    ['an EXTERNAL AUTHENTICATE', '00820000081122334455667788', 'unknown'],
    ['an UPDATE BINARY', '00D6000001FF', 'unknown'],
    ['an ERASE BINARY', '000E000000', 'unknown'],
    ['a TERMINATE CARD USAGE', '00FE0000', 'unknown'],
    ['a DELETE of GlobalPlatform', '80E4000000', 'unknown'],
    ['a chained SELECT', '10A4020C020018', 'unknown'],
    ['a VERIFY on another channel, asking', '01200080', 'unknown'],
    ['a command to the reader', 'FFCA000000', 'unknown'],
    ['half a command', '00A4', 'unknown'],
  ])('%s is not sent', (_, text, reason) => {
    expect(judged(text)).toBe(reason);
  });

  it('of all headers without data, only those that read', () => {
    const sent = new Set<string>();
    for (let cla = 0; cla <= 0xff; cla++) {
      for (let ins = 0; ins <= 0xff; ins++) {
        const header = Uint8Array.of(cla, ins, 0, 0);
        const result = judgment({ type: 'command', bytes: [header] });
        if (typeof result !== 'string') sent.add(toHex(result.subarray(0, 2)));
      }
    }
    const reading = ['20', '84', 'A4', 'B0', 'B1', 'B2', 'B3', 'C0', 'CA', 'CB'].map((ins) => `00${ins}`);
    expect([...sent]).toEqual([...reading, '80CA', '80CB']);
  });

  it('keeps its hands off the bytes', () => {
    expect(fromHex(judged('00A4040C0AD392F000260100000001'))).toHaveLength(15);
  });
});
