import { CliError } from '../errors.ts';
import type { Language } from '../language.ts';
import type { ApduTexts } from '../locales/apdu-texts.ts';
import type { ApduSession, JudgedExchange } from './apdu-session.ts';
import { explainedWord } from './exchange-report.ts';
import { mayCarryPin } from './pin-commands.ts';
import { shownCommand } from './raw-exchange.ts';
import { parseStatement, type Statement } from './statement.ts';

/** A line that does something, and what it is called in messages. */
export interface ScriptLine {
  /** From 1. */
  readonly number: number;
  readonly place: string;
  readonly statement: Exclude<Statement, { readonly kind: 'nothing' | 'mistake' }>;
}

/** First line of a trace. Its commands may be masked, so it is no script. */
const TRACE_BEGIN = '#! apdu-trace';

/** Where the lines come from. Arguments are visible to every user of the machine: no PIN in them, ever. */
export type ScriptSource = 'arguments' | 'lines';

/**
 * Reads a script, or the arguments as one. All of it is read before anything is sent.
 *
 * @throws {CliError} ERR_APDU_LINE, ERR_APDU_PIN_ARGUMENT, ERR_APDU_PIN_COMMAND. The text of a line is in none of them.
 */
export function readScript(
  lines: readonly string[],
  source: ScriptSource,
  { texts, allowPinCommands }: { readonly texts: ApduTexts; readonly allowPinCommands: boolean },
): ScriptLine[] {
  const isArguments = source === 'arguments';
  if (!isArguments && lines[0]?.startsWith(TRACE_BEGIN))
    throw new CliError('ERR_APDU_LINE', 'correct-command', { subject: texts.line(1), reason: texts.isTrace });
  return (isArguments ? lines.map(numbered) : joined(lines)).flatMap(({ number, line }) => {
    const place = isArguments ? texts.argument(number) : texts.line(number);
    const statement = parseStatement(line);
    if (statement.kind === 'nothing') return [];
    if (statement.kind === 'mistake') {
      const unquoted = isArguments && statement.mistake === 'too-short';
      const reason = unquoted ? texts.unquoted : texts.mistakes[statement.mistake];
      throw new CliError('ERR_APDU_LINE', 'correct-command', { subject: place, reason });
    }
    if (statement.kind === 'command' && mayCarryPin(statement.command)) {
      const subject = `${place}: ${shownCommand(statement.command)}`;
      if (!allowPinCommands) throw new CliError('ERR_APDU_PIN_COMMAND', 'correct-command', { subject });
      if (isArguments) throw new CliError('ERR_APDU_PIN_ARGUMENT', 'correct-command', { subject });
    }
    return [{ number, place, statement }];
  });
}

interface NumberedLine {
  readonly number: number;
  readonly line: string;
}

const numbered = (line: string, at: number): NumberedLine => ({ number: at + 1, line });

/** Lines that end with a backslash go on in the next, and have the number of their first; a comment ends with its line. */
function joined(lines: readonly string[]): NumberedLine[] {
  const whole: NumberedLine[] = [];
  let parts: string[] = [];
  lines.forEach((line, at) => {
    const goesOn = !line.includes('#') && line.trimEnd().endsWith('\\') && at + 1 < lines.length;
    parts.push(goesOn ? line.trimEnd().slice(0, -1) : line);
    if (goesOn) return;
    whole.push({ number: at + 2 - parts.length, line: parts.join(' ') });
    parts = [];
  });
  return whole;
}

/** What running a statement reports, in its order. */
export interface StatementReport {
  exchanged(exchange: JudgedExchange): void;
  /** For `atr`, and after a `reset`. */
  answerToReset(atr: Uint8Array): void;
  helped(): void;
}

/** Does what one statement says. @returns the exchange, where there was one; `quit`. */
export async function runStatement(
  statement: ScriptLine['statement'],
  session: ApduSession,
  report: StatementReport,
): Promise<JudgedExchange | 'quit' | undefined> {
  if (statement.kind === 'command') {
    const exchange = await session.send(statement.command, statement.expectation);
    report.exchanged(exchange);
    return exchange;
  }
  if (statement.word === 'quit') return 'quit';
  if (statement.word === 'help') report.helped();
  if (statement.word === 'reset') await session.reset();
  if (statement.word === 'reset' || statement.word === 'atr') report.answerToReset(session.atr);
  return undefined;
}

/**
 * Runs a script to its end, to `quit`, or to the first status word that was not expected.
 *
 * @throws {CliError} ERR_APDU_UNEXPECTED; `signal.reason`; whatever the link throws.
 */
export async function runScript(
  lines: readonly ScriptLine[],
  session: ApduSession,
  reportFor: (line: ScriptLine) => StatementReport,
  { texts, language, signal }: { texts: ApduTexts; language: Language; signal: AbortSignal },
): Promise<void> {
  for (const line of lines) {
    signal.throwIfAborted();
    const outcome = await runStatement(line.statement, session, reportFor(line));
    if (outcome === 'quit') return;
    if (outcome === undefined || outcome.asExpected) continue;
    const reason = texts.unexpected(explainedWord(outcome, language, texts), outcome.expected ?? '');
    throw new CliError('ERR_APDU_UNEXPECTED', 'none', { subject: line.place, reason });
  }
}
