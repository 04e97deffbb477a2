import { type CardKind, JpkiApplication } from '@jpki/applets/jpki';
import { Card } from '@jpki/iso7816';
import type { Pcsc } from '@jpki/pcsc';
import { identifyCard } from './card-kind.ts';
import { parseCardUri } from './card-uri.ts';
import { openCard } from './open-card.ts';
import { readersNamed } from './reader-name.ts';

/** A reader, and what is in it. */
export interface ListedReader {
  readonly name: string;
  readonly cardPresent: boolean;
  readonly atr: Uint8Array | undefined;
  /** Absent without a card; `unknown` also where another program holds it. */
  readonly cardKind: CardKind | undefined;
  /** Another program holds the card, so it was not looked at. */
  readonly inUse: boolean;
}

/** The readers of the world that `uri` names; a virtual card sits in a reader of its own. */
export async function listReaders(uri: string, signal: AbortSignal): Promise<ListedReader[]> {
  const parsed = parseCardUri(uri);
  if (parsed.world !== 'pcsc') return [await virtualReader(uri, signal)];
  const { openPcsc } = await import('@jpki/pcsc');
  const pcsc = await openPcsc({ signal });
  try {
    const readers = await pcsc.readers({ signal });
    const wanted = readersNamed(readers, parsed.reader);
    return await Promise.all(wanted.map((reader) => identified(pcsc, reader, signal)));
  } finally {
    await pcsc.close();
  }
}

async function identified(
  pcsc: Pcsc,
  { name, cardPresent, atr }: { name: string; cardPresent: boolean; atr?: Uint8Array },
  signal: AbortSignal,
): Promise<ListedReader> {
  if (!cardPresent) return emptyReader(name);
  return { name, cardPresent, atr, ...(await identifyCard(pcsc, name, signal)) };
}

/** A reader without a card. */
export function emptyReader(name: string): ListedReader {
  return { name, cardPresent: false, atr: undefined, cardKind: undefined, inUse: false };
}

/** The reader that a virtual or replayed card sits in. */
export async function virtualReader(uri: string, signal: AbortSignal): Promise<ListedReader> {
  const parsed = parseCardUri(uri);
  if (parsed.world === 'trace') return replayedReader(parsed.path, signal);
  const { application, reader, atr, ...card } = await openCard(uri, signal);
  try {
    const { kind } = await application.token({ signal });
    return { name: reader, cardPresent: true, atr, cardKind: kind, inUse: false };
  } finally {
    await card[Symbol.asyncDispose]();
  }
}

/** The reader of a trace, whatever was recorded in it: what the card is, it tells if somebody asked it then. */
async function replayedReader(path: string, signal: AbortSignal): Promise<ListedReader> {
  const { ReplayedCard } = await import('../tracing/replayed-card.ts');
  const { channel, trace } = await ReplayedCard.open(path, signal, 'scan');
  const name = trace.header.reader ?? `trace:${path}`;
  const { kind } = await new JpkiApplication(new Card(channel))
    .token({ signal })
    .catch(() => ({ kind: 'unknown' as const }));
  return { name, cardPresent: true, atr: trace.header.atr, cardKind: kind, inUse: false };
}
