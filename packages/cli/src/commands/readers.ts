import type { Argv, CommandModule } from 'yargs';
import { decodeAtr } from '../answer-to-reset.ts';
import { type CommonOptions, commonArguments } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { type ListedReader, listReaders, watchReaders } from '../reader-list.ts';

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
      yargs.option('watch', { type: 'boolean', default: false, describe: options.watch }),
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

/** One line, or one JSON document in a line, for every change, until the person ends it. */
async function follow(program: Program, common: CommonOptions): Promise<void> {
  const { output, messages } = program;
  for await (const { event, reader } of watchReaders(common.card, commandSignal(program, common))) {
    if (output.json) output.line(JSON.stringify({ event, reader: readerDocument(reader) }));
    else if (event === 'reader-removed') output.line(`${reader.name}: ${messages.card.readerGone}`);
    else for (const line of readerLines(reader, program)) output.line(line);
  }
}

function readerDocument({ name, cardPresent, atr, cardKind }: ListedReader): object {
  return { name, cardPresent, atr: atr === undefined ? null : hex(atr), cardKind: cardKind ?? null };
}

function readerLines({ name, cardPresent, atr, cardKind }: ListedReader, { messages }: Program): string[] {
  const { kinds, noCard } = messages.card;
  if (!cardPresent) return [`${name}: ${noCard}`];
  return [
    `${name}: ${kinds[cardKind ?? 'unknown'] ?? cardKind}`,
    ...(atr === undefined ? [] : [`  ATR ${hex(atr)}`, ...atrLines(atr)]),
  ];
}

function atrLines(atr: Uint8Array): string[] {
  const decoded = decodeAtr(atr);
  if (decoded === undefined) return [];
  const { protocols, historical, checksum } = decoded;
  const parts = [protocols.join(', '), `historical bytes ${hex(historical) || '–'}`];
  return [`      ${[...parts, ...(checksum === false ? ['TCK wrong'] : [])].join(' · ')}`];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
