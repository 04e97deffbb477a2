import { type CompareOptions, commandText, compareTraces, decodeTrace, type Trace } from '@jpki/trace';
import type { Argv, CommandModule } from 'yargs';
import { withCard } from '../card/with-card.ts';
import { loadTraceTexts } from '../locales/messages.ts';
import type { TraceTexts } from '../locales/trace-texts.ts';
import { commonArguments } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { IGNORABLE, reportComparison } from '../tracing/comparison-report.ts';
import { replayOnCard, type SkippedCommand } from '../tracing/replay-on-card.ts';
import { readTraceOrLog } from '../tracing/trace-input.ts';

interface ReplayOptions {
  readonly file: string;
  readonly ignore: CompareOptions['ignore'];
}

/** `jpki trace replay`: does this card answer as the recorded one did? Sends no PIN and has nothing signed. */
export function traceReplayCommand(program: Program): CommandModule<object, ReplayOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'replay <file>',
    describe: commands.traceReplay,
    builder: (yargs: Argv): Argv<ReplayOptions> =>
      yargs
        .positional('file', { type: 'string', demandOption: true, describe: options.traceFile })
        .option('ignore', { choices: IGNORABLE, requiresArg: true, describe: options.ignore }),
    handler: (args) => replayTrace(program, args, commonArguments(args)),
  };
}

async function replayTrace(
  program: Program,
  { file, ignore }: ReplayOptions,
  common: ReturnType<typeof commonArguments>,
): Promise<void> {
  const { output, messages } = program;
  const lang = messages.language;
  const signal = commandSignal(program, common);
  const trace = await readTraceOrLog(file, signal);
  const { before, now, skipped } = await withCard(program, common, signal, ({ channel, persona }) => {
    const holder = persona === undefined ? 'person' : 'invented';
    const work = () => replayOnCard(trace, channel, { holder, signal });
    return channel.transaction?.(work) ?? work();
  });
  const comparison = compareTraces(before, now, { ignore });
  const texts = await loadTraceTexts(lang);
  const left = skippedSteps(trace, skipped, lang);
  const sent = before.entries.filter(({ type }) => type === 'command').length;
  if (!output.json) {
    for (const [at, each] of left.entries()) {
      // A file is read in several commands.
      if (each.what !== left[at - 1]?.what) output.say(skippedLine(each, texts));
    }
    output.say(texts.replayed(sent, left.length));
  }
  reportComparison(program, comparison, { sent, skipped: left });
}

/** A recorded command that was not sent, or whose answer tells nothing. */
interface LeftOut extends Pick<SkippedCommand, 'reason'> {
  readonly line?: number;
  readonly what: string;
}

/** What was left out in words: a command means what those before it have made of it. */
function skippedSteps(
  trace: Trace,
  skipped: readonly SkippedCommand[],
  language: Program['messages']['language'],
): LeftOut[] {
  const sentences = new Map<unknown, string>();
  for (const line of decodeTrace(trace).lines) {
    if (line.type !== 'step') continue;
    for (const exchange of line.exchanges) sentences.set(exchange.line, commandText(line, language));
  }
  return skipped.map(({ command: { line }, reason }) => ({
    ...(line !== undefined && { line }),
    what: sentences.get(line) ?? '',
    reason,
  }));
}

function skippedLine({ line, what, reason }: LeftOut, texts: TraceTexts): string {
  return texts.skipped(line, what, texts.skipReasons[reason]);
}
