import { createInterface, type Interface } from 'node:readline';
import { reportError } from '../error-report.ts';
import { InterruptedError } from '../errors.ts';
import type { ApduTexts } from '../locales/apdu-texts.ts';
import { oneLine } from '../output.ts';
import type { Program } from '../program.ts';
import type { ApduSession } from './apdu-session.ts';
import { explainedWord } from './exchange-report.ts';
import { HISTORY_LINES, type History } from './history.ts';
import { runStatement, type StatementReport } from './script.ts';
import { SELECTABLE } from './selection.ts';
import { mayBeRemembered, parseStatement, WORDS } from './statement.ts';

/** What the shell works with. */
export interface ShellOptions {
  readonly session: ApduSession;
  readonly history: History;
  readonly report: StatementReport;
  readonly texts: ApduTexts;
  readonly signal: AbortSignal;
}

const PROMPT = 'apdu> ';

/**
 * Reads commands from the terminal and runs them, until `quit` or Ctrl-D. What goes wrong is told, and the next line is
 * taken: `reset` brings a card back that was put in again.
 *
 * @throws {InterruptedError} for Ctrl-C at an empty line; `signal.reason`.
 */
export async function runShell(program: Program, options: ShellOptions): Promise<void> {
  const { session, history, texts, signal } = options;
  const { output } = program;
  for (const line of texts.welcome(oneLine(session.reader), session.isShared)) output.say(line);
  const lines = createInterface({
    input: process.stdin,
    // What a person types is no data: stdout may go to a file.
    output: process.stderr,
    terminal: true,
    prompt: PROMPT,
    history: history.load(),
    historySize: HISTORY_LINES,
    removeHistoryDuplicates: true,
    completer: (line: string) => completions(line),
  });
  lines.on('history', (entries: string[]) => {
    // The arrow keys must not bring back what the file may not keep.
    if (!mayBeRemembered(entries[0] ?? '')) entries.shift();
  });
  try {
    await conversation(lines, (line) => answer(line, program, options), texts, output, signal);
  } finally {
    lines.close();
  }
}

function conversation(
  lines: Interface,
  answerTo: (line: string) => Promise<'quit' | undefined>,
  texts: ApduTexts,
  output: Program['output'],
  signal: AbortSignal,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    let last: Promise<void> = Promise.resolve();
    lines.on('line', (line) => {
      last = last.then(async () => {
        if ((await answerTo(line)) === 'quit') return resolve();
        lines.prompt();
      });
      last.catch(reject);
    });
    lines.on('close', () => void last.then(resolve, reject));
    lines.on('SIGINT', () => {
      if (lines.line === '') return reject(new InterruptedError());
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
      output.say(`\n${texts.interruptHint}`);
      lines.prompt();
    });
    if (signal.aborted) return abort();
    lines.prompt();
    return undefined;
  });
}

async function answer(
  line: string,
  program: Program,
  { session, history, report, texts, signal }: ShellOptions,
): Promise<'quit' | undefined> {
  const { output, messages } = program;
  const statement = parseStatement(line);
  history.add(line);
  if (statement.kind === 'nothing') return undefined;
  if (statement.kind === 'mistake') {
    output.say(texts.mistakes[statement.mistake]);
    return undefined;
  }
  try {
    const outcome = await runStatement(statement, session, report);
    if (outcome === 'quit') return 'quit';
    if (outcome !== undefined && !outcome.asExpected)
      output.say(texts.unexpected(explainedWord(outcome, messages.language, texts), outcome.expected ?? ''));
  } catch (error) {
    signal.throwIfAborted();
    const { message, advice } = await reportError(error, messages);
    output.say([message, advice].filter(Boolean).join('\n'));
  }
  return undefined;
}

/** What may come after the words typed so far. */
function completions(line: string): [string[], string] {
  const selecting = /^select\s+(\S*)$/i.exec(line);
  const typed = selecting?.[1] ?? line;
  const words = selecting ? SELECTABLE : ['select ', ...WORDS];
  return [words.filter((word) => word.startsWith(typed.toLowerCase())), typed];
}
