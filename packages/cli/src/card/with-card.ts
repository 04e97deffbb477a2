import type { CommonOptions } from '../options.ts';
import type { Program } from '../program.ts';
import type { TraceRecording } from '../tracing/trace-recording.ts';
import { parseCardUri } from './card-uri.ts';
import { type OpenedCard, openCard } from './open-card.ts';
import { withNotice } from './waiting-notice.ts';

/**
 * Opens the card of a command, recorded where `--trace` asks for it, does the work and closes it, whatever happens. With
 * a replayed card, all that was recorded must have been done.
 *
 * @throws {FileError} when the trace cannot be written, before the card is touched; {@link CliError} ERR_TRACE_* when a
 * replayed card was asked something else; what {@link openCard} and `work` throw.
 */
export async function withCard<T>(
  program: Program,
  { card, trace }: Pick<CommonOptions, 'card' | 'trace'>,
  signal: AbortSignal,
  work: (opened: OpenedCard) => Promise<T>,
): Promise<T> {
  const open = () =>
    withNotice(openCard(card, signal), () => program.output.say(program.messages.card.waiting));
  if (trace === undefined) return useOpened(program, await open(), work);
  const { TraceRecording } = await import('../tracing/trace-recording.ts');
  // Only the built-in virtual card has a holder that nobody is: what sits in a reader is taken for a person's.
  const holder = parseCardUri(card).world === 'sim' ? 'invented' : 'person';
  const recording = await TraceRecording.begin(trace, holder);
  try {
    const opened = await open();
    return await useOpened(program, await recorded(recording, opened), work);
  } finally {
    await endRecording(program, recording);
  }
}

/** The recorded card. One that cannot be recorded is closed unused. */
async function recorded(recording: TraceRecording, opened: OpenedCard): Promise<OpenedCard> {
  try {
    return recording.of(opened);
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

async function useOpened<T>(
  program: Program,
  opened: OpenedCard,
  work: (opened: OpenedCard) => Promise<T>,
): Promise<T> {
  const { language } = program.messages;
  try {
    const result = await work(opened).catch(async (error: unknown) => {
      throw (await opened.replayed?.judge(error, language)) ?? error;
    });
    const fault = await opened.replayed?.judge(undefined, language);
    if (fault !== undefined) throw fault;
    return result;
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}

async function endRecording(program: Program, recording: TraceRecording): Promise<void> {
  const { loadTraceTexts } = await import('../locales/messages.ts');
  const ended = await recording.end(await loadTraceTexts(program.messages.language));
  if (ended === undefined) return;
  program.output.say(ended.text);
  program.isTraceCut = !ended.whole;
}
