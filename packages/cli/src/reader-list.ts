import { type CardKind, JpkiApplication } from '@jpki/applets/jpki';
import { Card } from '@jpki/iso7816';
import type { Pcsc, ReaderEvent } from '@jpki/pcsc';
import { parseCardUri } from './card-uri.ts';
import { openCard } from './open-card.ts';

/** A reader, and what is in it. */
export interface ListedReader {
  readonly name: string;
  readonly cardPresent: boolean;
  readonly atr: Uint8Array | undefined;
  /** Absent without a card; `unknown` also where another program holds it. */
  readonly cardKind: CardKind | undefined;
}

/** The readers of the world that `uri` names; a virtual card sits in a reader of its own. */
export async function listReaders(uri: string, signal: AbortSignal): Promise<ListedReader[]> {
  const parsed = parseCardUri(uri);
  if (parsed.world === 'sim') return [await virtualReader(uri, signal)];
  const { openPcsc } = await import('@jpki/pcsc');
  const pcsc = await openPcsc({ signal });
  try {
    return await identified(pcsc, parsed.reader, signal);
  } finally {
    await pcsc.close();
  }
}

/** A reader that changed; `removed` is the last word on it. */
export interface ReaderChange {
  readonly event: 'reader-added' | 'reader-removed' | 'card-inserted' | 'card-removed';
  readonly reader: ListedReader;
}

/** What is there, then every change, until the signal ends it. */
export async function* watchReaders(uri: string, signal: AbortSignal): AsyncGenerator<ReaderChange> {
  const parsed = parseCardUri(uri);
  if (parsed.world === 'sim') {
    yield { event: 'card-inserted', reader: await virtualReader(uri, signal) };
    return;
  }
  const { openPcsc } = await import('@jpki/pcsc');
  const pcsc = await openPcsc({ signal });
  try {
    for await (const event of pcsc.watch({ signal })) {
      const change = await changeFrom(event, pcsc, signal);
      if (change && (parsed.reader === undefined || change.reader.name.includes(parsed.reader))) yield change;
    }
  } finally {
    await pcsc.close();
  }
}

async function changeFrom(
  event: ReaderEvent,
  pcsc: Pcsc,
  signal: AbortSignal,
): Promise<ReaderChange | undefined> {
  const empty = { cardPresent: false, atr: undefined, cardKind: undefined };
  switch (event.type) {
    case 'reader-added':
      return { event: event.type, reader: { ...empty, name: event.reader.name } };
    case 'reader-removed':
    case 'card-removed':
      return { event: event.type, reader: { ...empty, name: event.readerName } };
    case 'card-inserted': {
      const { readerName: name, atr } = event;
      const cardKind = await kindIn(pcsc, name, signal);
      return { event: event.type, reader: { name, cardPresent: true, atr, cardKind } };
    }
    default:
      return undefined;
  }
}

async function virtualReader(uri: string, signal: AbortSignal): Promise<ListedReader> {
  const { application, reader, atr, ...card } = await openCard(uri, signal);
  try {
    const { kind } = await application.token({ signal });
    return { name: reader, cardPresent: true, atr, cardKind: kind };
  } finally {
    await card[Symbol.asyncDispose]();
  }
}

async function identified(
  pcsc: Pcsc,
  text: string | undefined,
  signal: AbortSignal,
): Promise<ListedReader[]> {
  const readers: ListedReader[] = [];
  for (const { name, cardPresent, atr } of await pcsc.readers({ signal })) {
    if (text !== undefined && !name.includes(text)) continue;
    const cardKind = cardPresent ? await kindIn(pcsc, name, signal) : undefined;
    readers.push({ name, cardPresent, atr, cardKind });
  }
  return readers;
}

/** What the card is, by asking it: several makers share this card, so its ATR says nothing. */
async function kindIn(pcsc: Pcsc, reader: string, signal: AbortSignal): Promise<CardKind> {
  try {
    const card = new Card(await pcsc.connect(reader, { signal }));
    try {
      return (await new JpkiApplication(card).token({ signal })).kind;
    } finally {
      await card[Symbol.asyncDispose]();
    }
  } catch {
    signal.throwIfAborted();
    // Another kind of card, or one that another program holds: it is listed all the same.
    return 'unknown';
  }
}
