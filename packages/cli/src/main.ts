import { commandLine } from './command-line.ts';
import { DeferredCommand } from './commands/deferred.ts';
import { CliError, FileError } from './errors.ts';
import { Exit, type ExitCode } from './exit-codes.ts';
import { listenForInterruption } from './interruption.ts';
import { chooseLanguage, optionsOf } from './language.ts';
import { loadMessages } from './locales/messages.ts';
import { Output, type Write } from './output.ts';
import type { Program } from './program.ts';

/**
 * Runs one command line (without `node` and the script) to its end.
 *
 * @param write where stdout (1) and stderr (2) go; to those of the process by default.
 * @returns the exit code; errors have been told to the person by then.
 */
export async function main(argv: readonly string[], write?: Write): Promise<ExitCode> {
  const messages = await loadMessages(chooseLanguage(argv, process.env));
  const json = optionsOf(argv).includes('--json');
  const output = new Output(write === undefined ? { json } : { json, write });
  const interruption = listenForInterruption(() => {
    program.sayWhyToWait?.();
    return program.sayWhyToWait !== undefined;
  });
  const program: Program = {
    messages,
    output,
    interrupted: interruption.signal,
    exitCode: Exit.DONE,
  };
  try {
    refusePinOption(argv);
    await runCommand(argv, program);
    return program.exitCode === Exit.DONE && program.isTraceCut === true
      ? Exit.FILE_FAILED
      : program.exitCode;
  } catch (error) {
    return await tell(error, program);
  } finally {
    interruption.stop();
  }
}

async function runCommand(argv: readonly string[], program: Program): Promise<void> {
  try {
    await (await commandLine(argv, program)).parseAsync();
  } catch (error) {
    if (!(error instanceof DeferredCommand)) throw error;
    await error.run();
  }
}

/** There is no `--pin`: arguments are visible to every user of the machine. The value is not repeated. */
function refusePinOption(argv: readonly string[]): void {
  const asked = optionsOf(argv).some((word) => /^--pin(=|$)/.test(word));
  if (asked) throw new CliError('ERR_PIN_OPTION', 'correct-command');
}

async function tell(error: unknown, program: Program): Promise<ExitCode> {
  const { output, messages } = program;
  const { reportError, errorDocument } = await import('./error-report.ts');
  const report = await reportError(error, messages);
  try {
    if (output.json) output.document(errorDocument(report));
  } catch (failure) {
    // A full disk behind stdout: then stderr has to do.
    if (!(failure instanceof FileError)) throw failure;
    output.say(`jpki: ${report.message}`);
  }
  if (!output.json) output.say(`jpki: ${report.message}`);
  if (!output.json && report.advice !== '') output.say(report.advice);
  return report.exitCode;
}
