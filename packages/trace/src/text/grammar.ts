import type { EventEntry, PlaceholderType, TraceHeader } from '../model.ts';

/*
 * The text of a trace, version 1: UTF-8, one session per file. In the notation of RFC 5234, with `LF` for the end of a
 * line. Writers use LF alone, no blank after a line, upper-case digits and no blanks inside hex; readers also take a
 * byte order mark, CRLF, blanks at the ends of lines and between the digits of hex, lower-case digits, and empty lines.
 *
 *   trace        = "#! apdu-trace 1" LF *field *( entry / empty )
 *   field        = "# " name ": " text LF            ; the header ends at the first line that is no field
 *   name         = lower *39( lower / DIGIT / "-" )
 *   entry        = heading / note / command / response / event / given
 *   heading      = "== " text LF                     ; what the commands that follow are for
 *   note         = "# " text LF                      ; a remark for readers
 *   command      = ">" bytes LF
 *   response     = "<" bytes [ " @" ms "ms" ] LF     ; to the last command, which has none yet
 *   ms           = 1*9DIGIT [ "." DIGIT ]            ; milliseconds from command to response
 *   event        = "! " ( "connected" / "removed" / "reset" / "closed" / "failed" [ " " code ] ) LF
 *   code         = upper *79( upper / DIGIT / "_" )  ; of the link's error
 *   given        = "* now " time LF                  ; the program asked for the time
 *                / "* nonce" bytes LF                ; or for random bytes; without placeholders
 *   time         = as 2026-11-21T03:00:00.000Z
 *   bytes        = [ " " *piece ] *( LF "  " 1*piece ) ; at most 32 bytes in a line when written
 *   piece        = 2HEXDIG / "{" type ":" length [ ":" mark ] "}"
 *   type         = "pin" / "personal" / "certificate" / "signature" / "data"
 *   length       = 1*6DIGIT                          ; bytes it stands for, at least 1, no leading zero
 *   mark         = 16HEXDIG                          ; never with "pin"
 *   text         = 1*500( any character )            ; no control or format characters, no blank at its ends
 *   empty        = LF
 *
 * A note that looks like a field would be one right after the header, so writers put an empty line before it.
 */

/** First line of every trace: format and version. */
export const FIRST_LINE = '#! apdu-trace 1';

/** Bounds of a trace, for readers and writers. */
export const TraceLimit = {
  /** Characters of the whole text: some thousand files of a card. */
  TEXT: 16_777_216,
  /** Lines, continuations included. */
  LINES: 500_000,
  /** Characters of a line: the longest APDU on one line with a blank after each byte. */
  LINE: 200_000,
  ENTRIES: 200_000,
  /** Fields of the header. */
  FIELDS: 100,
  /** Characters of a title, a note, a field. */
  TEXT_LINE: 500,
  /** Bytes of an answer to reset (ISO/IEC 7816-3:2006, 8.2.1). */
  ATR: 33,
  /** Bytes of a command or response: the longest of ISO/IEC 7816-4 (extended command, case 4). */
  APDU: 65_544,
  /** Bytes of all commands and responses: a placeholder of a few characters stands for as many as an APDU has. */
  BYTES: 67_108_864,
  /** Bytes of a nonce. */
  NONCE: 65_536,
  /** Milliseconds of one exchange: eleven days. */
  MILLISECONDS: 999_999_999,
} as const;

/** Milliseconds as a trace has them: tenths; `undefined` for what is no duration, or too long for one. */
export function traceDuration(milliseconds: number): number | undefined {
  const tenths = Math.round(milliseconds * 10) / 10;
  return tenths >= 0 && tenths <= TraceLimit.MILLISECONDS ? tenths : undefined;
}

/** Bytes in one line of hex, when written. */
export const LINE_BYTES = 32;

/** Bytes of a mark. */
export const MARK_LENGTH = 8;

/** Names of the header's own fields, in the order of writing; every other name goes to `more`. */
export const FIELD_NAMES: readonly Exclude<keyof TraceHeader, 'more'>[] = [
  'title',
  'atr',
  'protocol',
  'reader',
  'software',
  'card',
  'holder',
  'source',
  'obtained',
  'recorded',
];

export const NAME_PATTERN: RegExp = /^[a-z][a-z0-9-]{0,39}$/;
export const CODE_PATTERN: RegExp = /^[A-Z][A-Z0-9_]{0,79}$/;

export const EVENTS: readonly EventEntry['event'][] = ['connected', 'removed', 'reset', 'closed', 'failed'];
export const PLACEHOLDER_TYPES: readonly PlaceholderType[] = [
  'pin',
  'personal',
  'certificate',
  'signature',
  'data',
];

/** Control, format and line-separating characters, and halves of pairs: a terminal or an editor may act on them. */
const NOT_TEXT = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Whether `text` can stand in a trace as it is. */
export function isTraceText(text: string): boolean {
  return (
    text.length > 0 && text.length <= TraceLimit.TEXT_LINE && text.trim() === text && !NOT_TEXT.test(text)
  );
}

/**
 * The serial number of the device, in parentheses: what pcsc-lite puts before the two numbers at the end of a reader's name,
 * and what at the end of another system's name looks like one.
 */
const SERIAL_NUMBER =
  / (?:\([^()]*\)(?= [0-9A-F]{2} [0-9A-F]{2}$)|\((?=[^()]*\d)[\w.:-]{6,64}\)(?=$| \d{1,3}$))/;

/**
 * The name of a reader as it can stand in a trace: without the serial number of the device, which tells whose it is.
 * `undefined` when nothing is left.
 */
export function traceReader(name: string): string | undefined {
  return traceText(name.slice(0, TraceLimit.TEXT_LINE).trim().replace(SERIAL_NUMBER, ''));
}

/**
 * `text` as it can stand in a trace: the name of a reader, say, which comes from a driver. Characters that cannot are
 * `?`, and what is too long is cut. `undefined` when nothing is left.
 */
export function traceText(text: string): string | undefined {
  const shown = Array.from(text.slice(0, TraceLimit.TEXT_LINE), (character) =>
    NOT_TEXT.test(character) ? '?' : character,
  );
  return shown.join('').trim() || undefined;
}
