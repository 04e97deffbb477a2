import { CardView, type HeadingEntry, type Step, type Trace, type TraceEntry } from '@jpki/trace';

/** Milliseconds below which a duration says nothing: a virtual card takes no time, only its faults do. */
const NOTEWORTHY = 100;

/** The trace for readers: headings where something begins, and no durations that change with every recording. */
export function readableTrace({ header, entries }: Trace): Trace {
  const view = new CardView();
  const readable = entries.flatMap((entry): TraceEntry[] => {
    if (entry.type === 'event') view.reset();
    if (entry.type === 'response') {
      view.response(entry.bytes);
      const isNoteworthy = (entry.milliseconds ?? 0) >= NOTEWORTHY;
      return [isNoteworthy ? entry : { type: 'response', bytes: entry.bytes }];
    }
    if (entry.type !== 'command') return [entry];
    const text = headingOf(view.command(entry.bytes));
    const heading: HeadingEntry[] = text === undefined ? [] : [{ type: 'heading', text }];
    return [...heading, entry];
  });
  return { header, entries: readable };
}

/** What begins with a command, where that is worth a heading. */
function headingOf({ kind, application, file }: Step): string | undefined {
  const name = file && `${file.name} (${file.japaneseName})`;
  switch (kind) {
    case 'select-application':
      return application && `${application.name} (${application.japaneseName})`;
    case 'select-file':
      return name;
    case 'verify':
      return `verify${name ? `: ${name}` : ''}`;
    case 'change-pin':
      return `change${name ? `: ${name}` : ''}`;
    case 'sign':
      return `sign${name ? `: ${name}` : ''}`;
    default:
      return undefined;
  }
}
