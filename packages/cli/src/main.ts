import yargs, { type Argv } from 'yargs';
import { DeferredCommand } from './commands/deferred.ts';
import { commandsFor } from './commands/index.ts';
import { CliError, FileError, UsageError } from './errors.ts';
import { Exit, type ExitCode } from './exit-codes.ts';
import { listenForInterruption } from './interruption.ts';
import { chooseLanguage, optionsOf } from './language.ts';
import { loadMessages } from './locales/messages.ts';
import { checkArguments, commonOptions } from './options.ts';
import { Output, type Write } from './output.ts';
import { packageVersion } from './package-version.ts';
import type { Program } from './program.ts';

/** Width of help screens: the same everywhere, so that `--help` can be answered from a file. */
const HELP_WIDTH = 100;

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
  const interruption = listenForInterruption();
  const program: Program = {
    messages,
    output,
    interrupted: interruption.signal,
    exitCode: Exit.DONE,
  };
  try {
    refusePinOption(argv);
    await runCommand(await commandLine(argv, program));
    return program.exitCode === Exit.DONE && program.isTraceCut === true
      ? Exit.FILE_FAILED
      : program.exitCode;
  } catch (error) {
    return await tell(error, program);
  } finally {
    interruption.stop();
  }
}

async function runCommand(cli: Argv): Promise<void> {
  try {
    await cli.parseAsync();
  } catch (error) {
    if (!(error instanceof DeferredCommand)) throw error;
    await error.run();
  }
}

/** The yargs program with the commands that `argv` may mean. */
export async function commandLine(argv: readonly string[], program: Program): Promise<Argv> {
  const { help } = program.messages;
  const cli = commonOptions(yargs(operandsAsPaths(argv)), help)
    .scriptName('jpki')
    .locale(program.messages.language)
    .parserConfiguration(PARSER)
    .usage(help.usage)
    .help('help', help.options.help)
    .alias('help', 'h')
    .version('version', help.options.version, packageVersion())
    .group(['help', 'version'], help.groups.common)
    .epilogue(help.epilogue)
    .wrap(HELP_WIDTH)
    .strict()
    .check(checkArguments)
    .demandCommand(1, help.commandMissing)
    .recommendCommands()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((reason, error) => {
      throw usageErrorFrom(reason, error);
    });
  for (const register of await commandsFor(argv)) register(cli, program);
  return cli;
}

const PARSER = {
  // `--no-input` is an option of its own, not `--input` turned off.
  'boolean-negation': false,
  // `--trust simulator FILE` must not swallow FILE.
  'greedy-arrays': false,
  'parse-positional-numbers': false,
  'dot-notation': false,
} as const;

/** What yargs says is wrong, as ours; an error of a command passes through. */
function usageErrorFrom(reason: string, error: Error | undefined): Error {
  if (error !== undefined && error.name !== 'YError') return error;
  return new UsageError({ reason: reason || (error?.message ?? '') });
}

/**
 * After `--` everything is a file. yargs (18.2) does not hand such words to `<file..>`, but it does those with a path. Of
 * a `-` among the files it makes an empty word, so one that was empty from the start becomes what it is not: a file.
 */
function operandsAsPaths(argv: readonly string[]): string[] {
  const options = optionsOf(argv);
  const operands = argv.slice(options.length + 1);
  const named = options.map((word, at) => (word === '' && !options[at - 1]?.startsWith('-') ? './' : word));
  return [...named, ...operands.map((word) => (word.startsWith('-') ? `./${word}` : word))];
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
