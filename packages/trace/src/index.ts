export { compareTraces } from './compare/compare-traces.ts';
export { type FormatDifferencesOptions, formatDifferences } from './compare/format-differences.ts';
export {
  type CompareOptions,
  type DifferenceKind,
  type DifferencePlace,
  type IgnoredContent,
  MAX_DIFFERENCES,
  type TimingRow,
  type TimingSide,
  type TraceComparison,
  type TraceDifference,
} from './compare/trace-difference.ts';
export type { DataNode } from './decode/data-node.ts';
export { decodeTrace } from './decode/decode-trace.ts';
export { commandText, stepText } from './decode/decoded-texts.ts';
export type {
  DecodedAnswer,
  DecodedExchange,
  DecodedLine,
  DecodedStep,
  DecodedTrace,
  TraceTotals,
} from './decode/decoded-trace.ts';
export { type FormatDecodedOptions, formatDecoded } from './decode/format-decoded.ts';
export { openAtr } from './decode/open-atr.ts';
export { type Language, say, type Wording, type Words } from './decode/wording.ts';
export {
  TraceEndedError,
  TraceFormatError,
  TraceLeftOverError,
  TraceMismatchError,
  TraceRedactedError,
} from './errors.ts';
export {
  type PieceJson,
  TRACE_SCHEMA,
  TRACE_SCHEMA_VERSION,
  type TraceEntryJson,
  type TraceHeaderJson,
  type TraceJson,
  traceToJson,
} from './export/trace-json.ts';
export { traceToPcap } from './export/trace-pcap.ts';
export { TraceImportError } from './import/import-error.ts';
export { type ImportOptions, importTrace, type LogFormat, logFormat } from './import/import-trace.ts';
export { isPlain, maskedLength, plainBytes, sliceMasked, statusWordOf } from './masked-bytes.ts';
export type {
  CommandEntry,
  EventEntry,
  GivenNonceEntry,
  GivenTimeEntry,
  HeadingEntry,
  Holder,
  MaskedBytes,
  NoteEntry,
  Placeholder,
  PlaceholderType,
  ResponseEntry,
  Trace,
  TraceEntry,
  TraceHeader,
} from './model.ts';
export { type EquivalentSecrets, equivalentOf } from './record/card-equivalent.ts';
export type { Equivalent, SignatureQuestion } from './record/equivalent.ts';
export { Recorder, type RecordOptions, recorder, type TraceSink } from './record/record.ts';
export { type RawApduEntry, type RawEntry, type RedactOptions, Redactor, redacted } from './redact/redact.ts';
export { type ReplayChannel, type ReplayOptions, replay } from './replay/replay.ts';
export type { Step } from './steps/card-step.ts';
export { CardView } from './steps/card-view.ts';
export type { MaskedCommand } from './steps/masked-command.ts';
export { formatEntry, formatHeader, formatTrace } from './text/format.ts';
export { TraceLimit, traceReader, traceText } from './text/grammar.ts';
export { parseTrace } from './text/parse.ts';
