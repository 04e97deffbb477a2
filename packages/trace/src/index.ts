export type { Step } from './card-step.ts';
export { CardView } from './card-view.ts';
export { equalMasked, isPlain, joinMasked, maskedLength, plainBytes, sliceMasked } from './masked-bytes.ts';
export { type MaskedCommand, readMaskedCommand } from './masked-command.ts';
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
