import { compareTraces, formatDifferences } from '@jpki/trace';
import type { Argv, CommandModule } from 'yargs';
import { Exit } from '../exit-codes.ts';
import { commonArguments } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { comparisonDocument } from '../tracing/comparison-document.ts';
import { readTraceOrLog } from '../tracing/trace-input.ts';
import { tellLines, wantsColour } from '../tracing/trace-output.ts';

const IGNORABLE = ['certificates'] as const;

interface DiffOptions {
  readonly a: string;
  readonly b: string;
  readonly ignore: (typeof IGNORABLE)[number] | undefined;
}

/** `jpki trace diff`: what two exchanges have in common and what not; exits as diff(1) does. */
export function traceDiffCommand(program: Program): CommandModule<object, DiffOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'diff <a> <b>',
    describe: commands.traceDiff,
    builder: (yargs: Argv): Argv<DiffOptions> =>
      yargs
        .positional('a', { type: 'string', demandOption: true, describe: options.traceFile })
        .positional('b', { type: 'string', demandOption: true, describe: options.traceOther })
        .option('ignore', { choices: IGNORABLE, requiresArg: true, describe: options.ignore }),
    handler: (args) => diff(program, args, commonArguments(args)),
  };
}

async function diff(
  program: Program,
  { ignore, ...files }: DiffOptions,
  common: ReturnType<typeof commonArguments>,
): Promise<void> {
  const { output, messages } = program;
  const lang = messages.language;
  const signal = commandSignal(program, common);
  const a = await readTraceOrLog(files.a, signal);
  const b = await readTraceOrLog(files.b, signal);
  const comparison = compareTraces(a, b, ignore ? { ignore: [ignore] } : {});
  if (comparison.differences.length > 0) program.exitCode = Exit.DIFFERENT;
  if (output.json) {
    output.document(comparisonDocument(comparison, lang));
    return;
  }
  const color = wantsColour();
  tellLines(output, formatDifferences(comparison, { lang, color }), color);
}
