import { fromHex } from '@jpki/iso7816';
import { type Expectation, parseExpectation } from './expectation.ts';
import { mayCarryPin } from './pin-commands.ts';
import { selectCommand } from './selection.ts';

/** One line of a script, or one argument. */
export type Statement =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'command';
      readonly command: Uint8Array;
      readonly expectation: Expectation | undefined;
      /** Typed as bytes, not as `select`. */
      readonly raw: boolean;
    }
  | { readonly kind: 'word'; readonly word: Word }
  /** Not understood. Its text is told to nobody: it may be a mistyped PIN command. */
  | { readonly kind: 'mistake'; readonly mistake: Mistake };

/** The words that are no commands to a card. */
export const WORDS = ['atr', 'reset', 'help', 'quit'] as const;

export type Word = (typeof WORDS)[number];

/** What is wrong with a line. */
export type Mistake = 'not-hex' | 'too-short' | 'too-long' | 'expectation' | 'selection';

/** Header, extended Lc, 65,535 bytes and extended Le: no command is longer (ISO/IEC 7816-3:2006, 12.1). */
const MAX_COMMAND_LENGTH = 4 + 3 + 65_535 + 2;

const MISTAKE = (mistake: Mistake): Statement => ({ kind: 'mistake', mistake });

/**
 * Reads `HEX [=> EXPECTED]`, `select NAME [=> EXPECTED]` or a word; `#` begins a comment. Blanks and colons between hex
 * digits are ignored, a `>` before them too, as our own output and traces have it; bytes may also stand as
 * `0x00, 0xA4`, as in a program.
 */
export function parseStatement(line: string): Statement {
  const [text = ''] = line.split('#', 1);
  const arrow = text.indexOf('=>');
  const body = (arrow === -1 ? text : text.slice(0, arrow)).trim();
  if (body === '' && arrow === -1) return { kind: 'nothing' };
  const word = wordIn(body);
  if (word !== undefined && arrow === -1) return { kind: 'word', word };
  const expectation = arrow === -1 ? undefined : parseExpectation(text.slice(arrow + 2));
  if (arrow !== -1 && expectation === undefined) return MISTAKE('expectation');
  const name = /^select\s+(.*)$/i.exec(body)?.[1];
  if (name === undefined) return bytesIn(body, expectation);
  const command = selectCommand(name);
  return command === undefined ? MISTAKE('selection') : { kind: 'command', command, expectation, raw: false };
}

function wordIn(body: string): Word | undefined {
  const lower = body.toLowerCase();
  return lower === 'exit' ? 'quit' : WORDS.find((word) => word === lower);
}

function bytesIn(body: string, expectation: Expectation | undefined): Statement {
  const digits = listedBytes(body) ?? body.replace(/^>/, '').replaceAll(/[\s:]/g, '');
  if (digits.length > 2 * MAX_COMMAND_LENGTH) return MISTAKE('too-long');
  if (digits.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(digits)) return MISTAKE('not-hex');
  if (digits.length < 8) return MISTAKE('too-short');
  return { kind: 'command', command: fromHex(digits), expectation, raw: true };
}

/** The digits of bytes one by one between blanks or commas, with or without 0x. @returns `undefined` for anything else. */
function listedBytes(body: string): string | undefined {
  const parts = body.split(/[\s,]+/);
  // A list in a program may end with a comma.
  if (parts.at(-1) === '') parts.pop();
  if (!parts.every((part) => /^(?:0x)?[0-9a-f]{2}$/i.test(part))) return undefined;
  return parts.map((part) => part.slice(-2)).join('');
}

/** Whether a line may be kept in the history: it was understood, has no comment and carries no PIN. */
export function mayBeRemembered(line: string): boolean {
  if (line.includes('#')) return false;
  const statement = parseStatement(line);
  if (statement.kind === 'command') return !mayCarryPin(statement.command);
  return statement.kind === 'word';
}
