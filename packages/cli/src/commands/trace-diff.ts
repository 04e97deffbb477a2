import { type CompareOptions, compareTraces } from '@jpki/trace';
import type { Argv, CommandModule } from 'yargs';
import { commonArguments } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { IGNORABLE, reportComparison } from '../tracing/comparison-report.ts';
import { readTraceOrLog } from '../tracing/trace-input.ts';

interface DiffOptions {
  readonly a: string;
  readonly b: string;
  readonly ignore: CompareOptions['ignore'];
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
  const signal = commandSignal(program, common);
  const a = await readTraceOrLog(files.a, signal);
  const b = await readTraceOrLog(files.b, signal);
  reportComparison(program, compareTraces(a, b, { ignore }));
}
