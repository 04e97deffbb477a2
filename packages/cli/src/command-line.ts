import yargs, { type Argv } from 'yargs';
import { deferred } from './commands/deferred.ts';
import { commandsFor } from './commands/index.ts';
import { UsageError } from './errors.ts';
import { optionsOf } from './language.ts';
import type { Parser } from './locales/parser-texts.ts';
import { checkArguments, commonOptions } from './options.ts';
import { packageVersion } from './package-version.ts';
import type { Program } from './program.ts';

/** Width of help screens: the same everywhere, so that `--help` can be answered from a file. */
const HELP_WIDTH = 100;

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
    .group(['version'], help.groups.common)
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
  const parser: Parser = cli;
  parser.updateStrings(help.parser);
  for (const command of await commandsFor(argv, program)) cli.command(deferred(command));
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
