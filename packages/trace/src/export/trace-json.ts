import { toHex } from '@jpki/iso7816';
import type { MaskedBytes, PlaceholderType, Trace, TraceEntry, TraceHeader } from '../model.ts';
import { withoutPin } from '../redact/redact-command.ts';

/** Names what a document of {@link TraceJson} is. */
export const TRACE_SCHEMA = 'jpki-apdu-trace';

/** Grows by one when a reader of the version before would misread a document; new fields do not count. */
export const TRACE_SCHEMA_VERSION = 1;

/** A trace as JSON. Bytes are upper-case hexadecimal, times ISO 8601 in UTC, durations milliseconds. */
export interface TraceJson {
  readonly schema: typeof TRACE_SCHEMA;
  readonly version: typeof TRACE_SCHEMA_VERSION;
  readonly header: TraceHeaderJson;
  readonly entries: readonly TraceEntryJson[];
}

/** {@link TraceHeader}; other fields of the file in `more`, in its order. */
export interface TraceHeaderJson extends Omit<TraceHeader, 'atr' | 'recorded'> {
  readonly atr?: string;
  readonly recorded?: string;
}

/** One entry; `line` is its line in the text it was read from. */
export type TraceEntryJson = { readonly line?: number } & (
  | { readonly type: 'heading' | 'note'; readonly text: string }
  | { readonly type: 'command'; readonly bytes: readonly PieceJson[] }
  | { readonly type: 'response'; readonly bytes: readonly PieceJson[]; readonly milliseconds?: number }
  | { readonly type: 'event'; readonly event: string; readonly code?: string }
  | { readonly type: 'now'; readonly time: string }
  | { readonly type: 'nonce'; readonly bytes: string }
);

/** Bytes as they were, or what stands for bytes that were left out. */
export type PieceJson =
  | { readonly hex: string }
  | { readonly placeholder: PlaceholderType; readonly length: number; readonly mark?: string };

/** The trace in a stable, documented shape for other programs; `JSON.stringify` makes the text. */
export function traceToJson(trace: Trace): TraceJson {
  const { atr, recorded, ...header } = trace.header;
  return {
    schema: TRACE_SCHEMA,
    version: TRACE_SCHEMA_VERSION,
    header: {
      ...header,
      ...(atr && { atr: toHex(atr) }),
      ...(recorded && { recorded: recorded.toISOString() }),
    },
    entries: trace.entries.map(entryToJson),
  };
}

function entryToJson(entry: TraceEntry): TraceEntryJson {
  switch (entry.type) {
    case 'command':
      // A trace made by hand or by others may have a PIN in clear. It goes no further.
      return { ...entry, bytes: piecesToJson(withoutPin(entry.bytes)) };
    case 'response':
      return { ...entry, bytes: piecesToJson(entry.bytes) };
    case 'now':
      return { ...entry, time: entry.time.toISOString() };
    case 'nonce':
      return { ...entry, bytes: toHex(entry.bytes) };
    default:
      return { ...entry };
  }
}

function piecesToJson(bytes: MaskedBytes): readonly PieceJson[] {
  return bytes.map((piece) =>
    piece instanceof Uint8Array
      ? { hex: toHex(piece) }
      : {
          placeholder: piece.type,
          length: piece.length,
          ...(piece.mark && { mark: toHex(piece.mark) }),
        },
  );
}
