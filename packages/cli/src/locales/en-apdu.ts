import type { ApduTexts } from './apdu-texts.ts';
import { grouped } from './grouped.ts';

/** English: `jpki apdu`. */
export const enApdu: ApduTexts = {
  line: (number) => `line ${number}`,
  argument: (number) => `argument ${number}`,
  isTrace: 'this is a trace; `jpki trace replay` sends what is harmless in it',
  unquoted: 'a command has four bytes at least; quote an APDU that has blanks',
  mistakes: {
    'not-hex': 'not an even number of hex digits, and none of the words',
    'too-short': 'a command has four bytes at least',
    'too-long': 'longer than any command can be',
    expectation: 'after "=>" come status words: 9000, 63Cx, 61xx|9000',
    selection: 'select jpki, text, visual, resident, common, an AID or a file identifier',
  },
  unexpected: (word, expected) => `${word}; expected ${expected}`,
  nothingToSend: 'name the APDUs, or give them with --file or on stdin',
  triesLeft: (triesLeft) => `${triesLeft} ${triesLeft === 1 ? 'try' : 'tries'} left`,
  bytes: (length) => `${grouped(length)} bytes`,
  welcome: (reader, isShared) => [
    `Card in: ${reader}. ${isShared ? 'Other programs can use it too, between your commands.' : 'Nobody else can use it until you leave.'}`,
    'Type an APDU in hex, "help", or "quit".',
  ],
  help: [
    '00A4040C0A…             send these bytes, as they are and once',
    '00B0000004 => 9000      the same; say so if another status word comes (63Cx, 61xx|9000)',
    'select jpki             also text, visual, resident, common, an AID, a file: select 000A',
    'atr · reset             the answer to reset · power off and on',
    'help · quit             this · the end (Ctrl-D)',
    '# …                     a comment; in a script, \\ at the end of a line: it goes on in the next',
    'Commands with a PIN are refused without --allow-pin-commands; lines with one are never kept.',
  ],
  interruptHint: '(Ctrl-C once more to leave)',
};
