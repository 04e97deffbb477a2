import type { Holder, Trace, TraceEntry, TraceHeader } from '../model.ts';
import { redacted } from '../redact/redact.ts';
import { traceReader, traceText } from '../text/grammar.ts';
import { isApdu4jLine, readApdu4jDump } from './apdu4j-dump.ts';
import type { Log, LoggedCard } from './card-stream.ts';
import { TraceImportError } from './import-error.ts';
import { logLines } from './log-lines.ts';
import { isOpenScLine, readOpenScLog } from './opensc-log.ts';
import { isPcscSpyLine, readPcscSpyText } from './pcsc-spy-text.ts';
import { isPcscdLine, readPcscdLog } from './pcscd-log.ts';

/** Logs of other programs that can be read. */
export type LogFormat = 'opensc' | 'apdu4j' | 'pcscd' | 'pcsc-spy';

/** How to import a log. */
export interface ImportOptions {
  /** The format; without it the text tells. */
  readonly format?: LogFormat;
  /** Whose card it was. Without it a `person`: then all that may be theirs is left out. */
  readonly holder?: Holder;
  /** The reader to take, its name or a part of it; without it the one with the most commands. */
  readonly reader?: string;
  /** Fields for the header; they win over what the log tells. */
  readonly header?: Omit<TraceHeader, 'holder'>;
}

interface Format {
  readonly name: string;
  readonly recognizes: (line: string) => boolean;
  readonly read: (text: string) => Log;
}

const FORMATS: Readonly<Record<LogFormat, Format>> = {
  opensc: { name: 'a debug log of OpenSC', recognizes: isOpenScLine, read: readOpenScLog },
  pcscd: { name: 'a log of pcscd', recognizes: isPcscdLine, read: readPcscdLog },
  'pcsc-spy': { name: 'the print of pcsc-spy', recognizes: isPcscSpyLine, read: readPcscSpyText },
  apdu4j: { name: 'a dump of apdu4j', recognizes: isApdu4jLine, read: readApdu4jDump },
};

const NAMES: readonly LogFormat[] = ['opensc', 'pcscd', 'pcsc-spy', 'apdu4j'];

/**
 * Makes a trace of another program's log: OpenSC's debug log, a dump of apdu4j, pcscd's log of APDUs, the print of
 * pcsc-spy. Such logs hold PINs and the holder's data in the clear; the trace holds neither, by the same redaction as a
 * recording.
 *
 * @throws {TraceImportError} when the text is none of them, holds no APDU, has one that cannot be read, or does not
 *   tell which of several cards one went to.
 */
export function importTrace(text: string, options: ImportOptions = {}): Trace {
  const format = FORMATS[options.format ?? logFormat(text)];
  const log = readLog(format, text);
  const card = choose(log.cards, options.reader);
  const holder = options.holder ?? 'person';
  const notes = notesOn(log, card).map((note): TraceEntry => ({ type: 'note', text: note }));
  return {
    header: headerOf(log, card, format.name, holder, options.header),
    entries: [...notes, ...redacted(card.entries, { holder })],
  };
}

/**
 * The format of a log, from the first line that one of them alone has.
 *
 * @throws {TraceImportError} when no line tells.
 */
export function logFormat(text: string): LogFormat {
  for (const { text: line } of logLines(text)) {
    const format = NAMES.find((name) => FORMATS[name].recognizes(line));
    if (format !== undefined) return format;
  }
  throw new TraceImportError('no APDU of a known log was found', {
    advice:
      'logs of OpenSC (OPENSC_DEBUG=9), pcscd --apdu, apdu4j, and what pcsc-spy prints can be read; the file that pcsc-spy reads cannot',
  });
}

/** What the log tells. A program that was ended left half a line at its end: that one is left out. */
function readLog({ read }: Format, text: string): Log {
  try {
    return read(text);
  } catch (error) {
    const end = text.lastIndexOf('\n') + 1;
    const isCut = error instanceof TraceImportError && end < text.length;
    if (!isCut || error.line !== linesIn(text.slice(0, end)) + 1) throw error;
    const log = read(text.slice(0, end));
    return { ...log, notes: [...log.notes, 'The log ends within a line, which is left out.'] };
  }
}

function linesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function choose(cards: readonly LoggedCard[], wanted: string | undefined): LoggedCard {
  const spoken = cards.filter(({ commands }) => commands > 0);
  const named = spoken.filter(({ reader }) => wanted === undefined || reader?.includes(wanted));
  const exact = named.find(({ reader }) => wanted !== undefined && reader === wanted);
  const [first, ...others] = named;
  if (exact) return exact;
  if (first) return others.reduce((most, card) => (card.commands > most.commands ? card : most), first);
  if (wanted === undefined) {
    throw new TraceImportError('the log holds no APDU', { advice: 'log again with APDUs switched on' });
  }
  throw new TraceImportError('no APDU of the log went to the reader that was asked for', {
    advice: `readers with APDUs: ${spoken.map(({ reader }) => traceText(reader ?? '') ?? 'one without a name').join(', ') || 'none'}`,
  });
}

function nameOf({ reader }: LoggedCard): string {
  return traceReader(reader ?? '') ?? 'one without a name';
}

function notesOn(log: Log, chosen: LoggedCard): readonly string[] {
  const others = log.cards.filter((card) => card !== chosen && card.commands > 0);
  const rest = others.map((card) => `${nameOf(card)} (${card.commands} commands)`).join(', ');
  const notes = [...log.notes];
  if (chosen.beganWithin) notes.push('The log begins with a response without its command; it is left out.');
  if (others.length > 0) notes.push(`The log holds other readers too, which are left out: ${rest}`);
  return notes.map((note) => traceText(note)).filter((note) => note !== undefined);
}

function headerOf(
  log: Log,
  card: LoggedCard,
  format: string,
  holder: Holder,
  given: ImportOptions['header'],
): TraceHeader {
  const reader = traceReader(card.reader ?? '');
  const software = traceText(log.software ?? '');
  return {
    ...(card.atr && { atr: card.atr }),
    ...(card.protocol && { protocol: card.protocol }),
    ...(reader !== undefined && { reader }),
    ...(software !== undefined && { software }),
    source: format,
    obtained: `imported from ${format}`,
    ...given,
    holder,
  };
}
