import type { ObservedReader } from '../binding.ts';

/** A reader and what is in it. */
export interface ReaderState {
  readonly name: string;
  readonly cardPresent: boolean;
  /** A card is there and does not answer: upside down, broken, or no smart card. */
  readonly unresponsive: boolean;
  /** Answer to reset of the card, where there is one that answers. */
  readonly atr?: Uint8Array;
}

/** Something that happened to the readers, told apart by `type`. */
export type ReaderEvent =
  | { readonly type: 'reader-added'; readonly reader: ReaderState }
  | { readonly type: 'reader-removed'; readonly readerName: string }
  | { readonly type: 'card-inserted'; readonly readerName: string; readonly atr?: Uint8Array }
  | { readonly type: 'card-removed'; readonly readerName: string }
  | { readonly type: 'service-stopped' }
  | { readonly type: 'service-started' };

/** The public view of an observed reader. */
export function readerState(reader: ObservedReader): ReaderState {
  const { name, cardPresent, unresponsive, atr } = reader;
  return { name, cardPresent, unresponsive, ...(cardPresent && atr && { atr }) };
}

/** The events that lead from one set of readers to another. States are compared, so no event can be missed or doubled. */
export function readerEvents(
  before: ReadonlyMap<string, ObservedReader>,
  after: ReadonlyMap<string, ObservedReader>,
): ReaderEvent[] {
  const events: ReaderEvent[] = [];
  for (const [readerName, { cardPresent }] of before) {
    if (after.has(readerName)) continue;
    // Who follows cards alone is told as well.
    if (cardPresent) events.push({ type: 'card-removed', readerName });
    events.push({ type: 'reader-removed', readerName });
  }
  for (const reader of after.values()) {
    const old = before.get(reader.name);
    if (!old) events.push({ type: 'reader-added', reader: readerState(reader) });
    events.push(...cardEvents(old, reader));
  }
  return events;
}

function cardEvents(old: ObservedReader | undefined, reader: ObservedReader): ReaderEvent[] {
  const readerName = reader.name;
  const wasPresent = old?.cardPresent ?? false;
  const swapped = wasPresent && reader.cardPresent && old?.changes !== reader.changes;
  const removed = wasPresent && (!reader.cardPresent || swapped);
  const inserted = reader.cardPresent && (!wasPresent || swapped);
  return [
    ...(removed ? [{ type: 'card-removed', readerName } as const] : []),
    ...(inserted
      ? [{ type: 'card-inserted', readerName, ...(reader.atr && { atr: reader.atr }) } as const]
      : []),
  ];
}
