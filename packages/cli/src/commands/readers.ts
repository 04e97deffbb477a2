import { toHex } from '@jpki/iso7816';
import type { Argv, CommandModule } from 'yargs';
import { atrLines } from '../atr-lines.ts';
import { type ReaderChange, watchReaders } from '../card/reader-changes.ts';
import { type ListedReader, listReaders } from '../card/reader-list.ts';
import { type CommonOptions, commonArguments, IDLE, leaveOut } from '../options.ts';
import { oneLine } from '../output.ts';
import { commandSignal, type Program } from '../program.ts';

interface ReadersOptions {
  readonly watch: boolean;
}

/** `jpki readers`: what is connected, and what is in it. */
export function readersCommand(program: Program): CommandModule<object, ReadersOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'readers',
    describe: commands.readers,
    builder: (yargs: Argv): Argv<ReadersOptions> =>
      leaveOut(yargs, IDLE.unrecorded).option('watch', {
        type: 'boolean',
        default: false,
        describe: options.watch,
      }),
    handler: ({ watch, ...args }) =>
      watch ? follow(program, commonArguments(args)) : list(program, commonArguments(args)),
  };
}

async function list(program: Program, common: CommonOptions): Promise<void> {
  const { output, messages } = program;
  const readers = await listReaders(common.card, commandSignal(program, common));
  if (output.json) output.document({ readers: readers.map(readerDocument) });
  else if (readers.length === 0) output.say(messages.card.noReaders);
  else for (const reader of readers) for (const line of readerLines(reader, program)) output.line(line);
}

/** What is there and then a line for every change, or one JSON document in a line, until the person ends it. */
async function follow(program: Program, common: CommonOptions): Promise<void> {
  const { output } = program;
  output.streaming = true;
  for await (const change of watchReaders(common.card, commandSignal(program, common))) {
    if (output.json) output.document(changeDocument(change));
    else for (const line of changeLines(change, program)) output.line(line);
  }
}

function changeDocument(change: ReaderChange): object {
  const { at, event } = change;
  const reader = 'reader' in change ? { reader: readerDocument(change.reader) } : {};
  return { time: at.toISOString(), event, ...reader };
}

/** A change with the time of day where the person is; for a card what it is and its ATR below. */
function changeLines(change: ReaderChange, program: Program): string[] {
  const { changes } = program.messages.card;
  const time = clockTime(change.at);
  if (!('reader' in change)) return [`${time}  ${changes[change.event]}`];
  const { reader, event } = change;
  const [first = '', ...rest] =
    event === 'card-inserted' ? readerLines(reader, program) : [oneLine(reader.name)];
  const what = event === 'card-inserted' ? '' : `: ${changes[event]}`;
  return [`${time}  ${first}${what}`, ...rest.map((line) => `          ${line}`)];
}

function clockTime(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

function readerDocument({ name, cardPresent, atr, cardKind, inUse }: ListedReader): object {
  return { name, cardPresent, atr: atr === undefined ? null : toHex(atr), cardKind: cardKind ?? null, inUse };
}

function readerLines(
  { name, cardPresent, atr, cardKind, inUse }: ListedReader,
  { messages }: Program,
): string[] {
  const { kinds, noCard } = messages.card;
  if (!cardPresent) return [`${oneLine(name)}: ${noCard}`];
  return [
    `${oneLine(name)}: ${inUse ? messages.card.inUse : (kinds[cardKind ?? 'unknown'] ?? cardKind)}`,
    ...(atr === undefined
      ? []
      : [`  ATR ${toHex(atr)}`, ...atrLines(atr, messages.card.atr).map((line) => `      ${line}`)]),
  ];
}
