import type { Pcsc, ReaderEvent } from '@jpki/pcsc';
import { identifyCard } from './card-kind.ts';
import { parseCardUri } from './card-uri.ts';
import { emptyReader, type ListedReader, virtualReader } from './reader-list.ts';

/** Something that happened, and when. */
export type ReaderChange = { readonly at: Date } & (
  | { readonly event: 'service-stopped' | 'service-started' }
  | {
      readonly event: 'reader-added' | 'reader-removed' | 'card-inserted' | 'card-removed';
      /** As it is from then on; after `reader-removed` only its name means something. */
      readonly reader: ListedReader;
    }
);

/** What is there, then every change, until the signal ends it. A card that is slow holds up its own reader only. */
export async function* watchReaders(uri: string, signal: AbortSignal): AsyncGenerator<ReaderChange> {
  const parsed = parseCardUri(uri);
  if (parsed.world !== 'pcsc') {
    yield { at: new Date(), event: 'card-inserted', reader: await virtualReader(uri, signal) };
    return;
  }
  const { openPcsc } = await import('@jpki/pcsc');
  const pcsc = await openPcsc({ signal });
  const changes = new ChangeQueue();
  const watching = collect(pcsc, parsed.reader, changes, signal);
  try {
    yield* changes.taken();
  } finally {
    await pcsc.close();
    await watching;
  }
}

/** Fills the queue until the watch ends; its error is the last thing in the queue. */
async function collect(
  pcsc: Pcsc,
  text: string | undefined,
  changes: ChangeQueue,
  signal: AbortSignal,
): Promise<void> {
  /** What each reader has still to be told about, in order. */
  const pending = new Map<string, Promise<void>>();
  try {
    for await (const event of pcsc.watch({ signal })) {
      const at = new Date();
      if (event.type === 'service-started' || event.type === 'service-stopped') {
        await Promise.all(pending.values());
        changes.add({ at, event: event.type });
        continue;
      }
      const name = event.type === 'reader-added' ? event.reader.name : event.readerName;
      if (text !== undefined && !name.includes(text)) continue;
      const before = pending.get(name) ?? Promise.resolve();
      const told = before.then(async () => changes.add(await changeFrom(event, at, pcsc, signal)));
      // An interruption during an identification is thrown by the watch as well.
      pending.set(
        name,
        told.catch(() => undefined),
      );
    }
    changes.end();
  } catch (error) {
    await Promise.all(pending.values());
    changes.fail(error);
  }
}

async function changeFrom(
  event: Exclude<ReaderEvent, { readonly type: 'service-stopped' | 'service-started' }>,
  at: Date,
  pcsc: Pcsc,
  signal: AbortSignal,
): Promise<ReaderChange> {
  if (event.type === 'reader-added') return { at, event: event.type, reader: emptyReader(event.reader.name) };
  if (event.type !== 'card-inserted') return { at, event: event.type, reader: emptyReader(event.readerName) };
  const { readerName: name, atr } = event;
  const card = await identifyCard(pcsc, name, signal);
  return { at, event: event.type, reader: { name, cardPresent: true, atr, ...card } };
}

/** Changes in the order they became known, for one reader of them. */
class ChangeQueue {
  readonly #changes: ReaderChange[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: () => void = () => undefined;

  add(change: ReaderChange): void {
    this.#changes.push(change);
    this.#wake();
  }

  end(): void {
    this.#end ??= {};
    this.#wake();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *taken(): AsyncGenerator<ReaderChange> {
    for (;;) {
      const change = this.#changes.shift();
      if (change !== undefined) yield change;
      else if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error;
        return;
      } else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
