import { toHex } from '@jpki/iso7816';
import type { Argv, CommandModule } from 'yargs';
import { ApduSession } from '../apdu/apdu-session.ts';
import { exchangeDocument, exchangeLines } from '../apdu/exchange-report.ts';
import { readScript, runScript, type ScriptLine, type StatementReport } from '../apdu/script.ts';
import { readScriptText } from '../apdu/script-text.ts';
import { atrLines } from '../atr-lines.ts';
import { withCard } from '../card/with-card.ts';
import { errorDocument, reportError } from '../error-report.ts';
import { UsageError } from '../errors.ts';
import type { ApduTexts } from '../locales/apdu-texts.ts';
import { loadApduTexts } from '../locales/messages.ts';
import { commonArguments, IDLE, leaveOut } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';

interface ApduOptions {
  readonly apdu: readonly string[];
  readonly file: string | undefined;
  readonly 'allow-pin-commands': boolean;
}

/** `jpki apdu`: raw commands from the arguments, a script, or a person at a prompt. */
export function apduCommand(program: Program): CommandModule<object, ApduOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'apdu [apdu..]',
    describe: commands.apdu,
    builder: (yargs: Argv): Argv<ApduOptions> =>
      leaveOut(yargs, IDLE.pinless)
        .positional('apdu', { type: 'string', array: true, default: [], describe: options.apdu })
        .option('file', { type: 'string', requiresArg: true, describe: options.script })
        .option('allow-pin-commands', {
          type: 'boolean',
          default: false,
          describe: options['allow-pin-commands'],
        }),
    handler: (args) => run(program, args, commonArguments(args)),
  };
}

async function run(
  program: Program,
  options: ApduOptions,
  common: ReturnType<typeof commonArguments>,
): Promise<void> {
  const { output, messages } = program;
  const signal = commandSignal(program, common);
  const texts = await loadApduTexts(messages.language);
  const allowPinCommands = options['allow-pin-commands'];
  if (options.apdu.length > 0 && options.file !== undefined) throw new UsageError('--file');
  const words = apdusIn(options.apdu);
  const asks = words.length === 0 && options.file === undefined && process.stdin.isTTY;
  if (asks && (common.noInput || output.json)) throw new UsageError({ reason: texts.nothingToSend });
  const text = words.length > 0 || asks ? [] : await readScriptText(options.file ?? '-', signal);
  const script = readScript(words.length > 0 ? words : text, words.length > 0 ? 'arguments' : 'lines', {
    texts,
    allowPinCommands,
  });
  await withCard(program, common, signal, async (opened) => {
    const session = new ApduSession(opened, { allowPinCommands });
    if (asks) return converse(program, session, texts, signal);
    const work = () =>
      output.json
        ? runToDocument(program, script, session, texts, signal)
        : runScript(script, session, () => spoken(program, texts), { texts, ...messages, signal });
    // A shared card: no other program comes between the commands of a script.
    return opened.channel.transaction?.(work) ?? work();
  });
}

/** One argument is one APDU; one that was left in blanks, byte by byte, is put together. */
function apdusIn(words: readonly string[]): readonly string[] {
  return words.length > 1 && words.every((word) => /^[0-9a-f]{2}$/i.test(word)) ? [words.join('')] : words;
}

async function converse(
  program: Program,
  session: ApduSession,
  texts: ApduTexts,
  signal: AbortSignal,
): Promise<void> {
  const { runShell } = await import('../apdu/shell.ts');
  const { History, historyPath } = await import('../apdu/history.ts');
  const history = new History(historyPath(process.env));
  await runShell(program, { session, history, report: spoken(program, texts), texts, signal });
}

/** Tells a person. */
function spoken({ output, messages }: Program, texts: ApduTexts): StatementReport {
  return {
    exchanged: (exchange) => {
      for (const line of exchangeLines(exchange, messages.language, texts)) output.line(line);
    },
    answerToReset: (atr) => {
      for (const line of [
        `ATR ${toHex(atr)}`,
        ...atrLines(atr, messages.card.atr).map((each) => `    ${each}`),
      ])
        output.line(line);
    },
    helped: () => {
      for (const line of texts.help) output.say(line);
    },
  };
}

/** One document, with all that was exchanged before an error too. */
async function runToDocument(
  program: Program,
  script: readonly ScriptLine[],
  session: ApduSession,
  texts: ApduTexts,
  signal: AbortSignal,
): Promise<void> {
  const { output, messages } = program;
  const exchanges: object[] = [];
  const atr = toHex(session.atr);
  const collect = ({ number }: ScriptLine): StatementReport => ({
    exchanged: (exchange) => exchanges.push(exchangeDocument(exchange, number, messages.language, texts)),
    answerToReset: (answer) => exchanges.push({ line: number, atr: toHex(answer) }),
    helped: () => undefined,
  });
  const document = { reader: session.reader, atr, exchanges };
  try {
    await runScript(script, session, collect, { texts, language: messages.language, signal });
    output.document(document);
  } catch (error) {
    const report = await reportError(error, messages);
    program.exitCode = report.exitCode;
    output.document({ ...document, ...errorDocument(report) });
  }
}
