import { decodeTrace, formatDecoded } from '@jpki/trace';
import type { Argv, CommandModule } from 'yargs';
import { commonArguments } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { decodedDocument } from '../tracing/decoded-document.ts';
import { readTraceOrLog } from '../tracing/trace-input.ts';
import { tellLines, wantsColour } from '../tracing/trace-output.ts';

interface ShowOptions {
  readonly file: string;
  readonly verbose: boolean;
  readonly 'no-data': boolean;
}

/** `jpki trace show`: a recorded exchange in words. */
export function traceShowCommand(program: Program): CommandModule<object, ShowOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'show <file>',
    describe: commands.traceShow,
    builder: (yargs: Argv): Argv<ShowOptions> =>
      yargs
        .positional('file', { type: 'string', demandOption: true, describe: options.traceFile })
        .option('verbose', { type: 'boolean', default: false, describe: options.verbose })
        .option('no-data', { type: 'boolean', default: false, describe: options['no-data'] }),
    handler: (args) => show(program, args, commonArguments(args)),
  };
}

async function show(
  program: Program,
  options: ShowOptions,
  common: ReturnType<typeof commonArguments>,
): Promise<void> {
  const { output, messages } = program;
  const lang = messages.language;
  const trace = await readTraceOrLog(options.file, commandSignal(program, common));
  const decoded = decodeTrace(trace);
  if (output.json) {
    output.document(decodedDocument(trace, decoded, lang));
    return;
  }
  const { verbose } = options;
  const color = wantsColour();
  tellLines(output, formatDecoded(decoded, { lang, verbose, data: !options['no-data'], color }), color);
}
