import { formatTrace, type LogFormat, traceToJson, traceToPcap } from '@jpki/trace';
import type { Argv, CommandModule } from 'yargs';
import { AtomicFile } from '../atomic-file.ts';
import { UsageError } from '../errors.ts';
import { loadTraceTexts } from '../locales/messages.ts';
import { type CommonOptions, commonArguments } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { readLog, readTraceOrLog } from '../tracing/trace-input.ts';

const EXPORT_FORMATS = ['json', 'pcap'] as const;
const LOG_FORMATS: readonly LogFormat[] = ['opensc', 'pcscd', 'apdu4j', 'pcsc-spy'];
const HOLDERS = ['person', 'invented'] as const;

interface OutputOptions {
  readonly output: string | undefined;
  readonly force: boolean;
}

interface ExportOptions extends OutputOptions {
  readonly file: string;
  readonly format: (typeof EXPORT_FORMATS)[number];
}

interface ImportOptions extends OutputOptions {
  readonly log: string;
  readonly format: LogFormat | undefined;
  readonly holder: (typeof HOLDERS)[number];
  readonly reader: string | undefined;
}

/** `jpki trace export`: a trace for other programs. */
export function traceExportCommand(program: Program): CommandModule<object, ExportOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'export <file>',
    describe: commands.traceExport,
    builder: (yargs: Argv): Argv<ExportOptions> =>
      outputOptions(yargs, program, options.exportOutput)
        .positional('file', { type: 'string', demandOption: true, describe: options.traceFile })
        .option('format', {
          choices: EXPORT_FORMATS,
          default: 'json' as const,
          requiresArg: true,
          describe: options.exportFormat,
        }),
    handler: (args) => exportTrace(program, args, commonArguments(args)),
  };
}

/** `jpki trace import`: a trace of another program's log. */
export function traceImportCommand(program: Program): CommandModule<object, ImportOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'import <log>',
    describe: commands.traceImport,
    builder: (yargs: Argv): Argv<ImportOptions> =>
      outputOptions(yargs, program, options.importOutput)
        .positional('log', { type: 'string', demandOption: true, describe: options.traceLog })
        .option('format', { choices: LOG_FORMATS, requiresArg: true, describe: options.logFormat })
        .option('holder', {
          choices: HOLDERS,
          default: 'person' as const,
          requiresArg: true,
          describe: options.holder,
        })
        .option('reader', { type: 'string', requiresArg: true, describe: options.logReader }),
    handler: (args) => importLog(program, args, commonArguments(args)),
  };
}

function outputOptions(yargs: Argv, { messages }: Program, describe: string): Argv<OutputOptions> {
  const { force } = messages.help.options;
  return yargs
    .option('output', { alias: 'o', type: 'string', requiresArg: true, describe })
    .option('force', { type: 'boolean', default: false, describe: force });
}

async function exportTrace(program: Program, options: ExportOptions, common: CommonOptions): Promise<void> {
  const { file, format, output } = options;
  if (format === 'pcap' && output === undefined && process.stdout.isTTY)
    throw new UsageError('--format pcap: -o FILE');
  const trace = await readTraceOrLog(file, commandSignal(program, common));
  const content =
    format === 'pcap' ? traceToPcap(trace) : Buffer.from(`${JSON.stringify(traceToJson(trace), null, 2)}\n`);
  await write(program, options, content);
}

async function importLog(program: Program, options: ImportOptions, common: CommonOptions): Promise<void> {
  const { log, format, holder, reader } = options;
  const wanted = { holder, ...(format && { format }), ...(reader !== undefined && { reader }) };
  const trace = await readLog(log, wanted, commandSignal(program, common));
  await write(program, options, Buffer.from(formatTrace(trace)));
}

/** Writes the whole file or none; to stdout without a name. */
async function write(
  { output, messages }: Program,
  { output: path, force }: OutputOptions,
  content: Uint8Array,
): Promise<void> {
  if (path === undefined) {
    output.bytes(content);
    return;
  }
  const file = await AtomicFile.create(path, { replace: force });
  try {
    await file.write(content);
    await file.commit();
  } finally {
    await file[Symbol.asyncDispose]();
  }
  if (output.json) output.document({ output: file.path });
  else output.say((await loadTraceTexts(messages.language)).fileWritten(file.path));
}
