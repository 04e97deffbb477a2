import {
  CardView,
  isPlain,
  type MaskedBytes,
  maskedLength,
  type Step,
  sliceMasked,
  type Trace,
} from '@jpki/trace';

/** A file as far as a trace read it: bytes by offset. */
type FileImage = Map<number, number>;

/**
 * All byte strings of a trace in which something may stand: each command and response by itself; answers one after another
 * that were fetched in pieces; files put together from their pieces, by offset, in whatever order they were read; chained
 * command data; and all answers in a row. Where a placeholder stands a string ends.
 */
export function exchangedBytes({ entries, header }: Trace): Uint8Array[] {
  const view = new CardView();
  const images = new Map<string, FileImage>();
  const strings: Uint8Array[] = header.atr ? [header.atr] : [];
  const answers: MaskedBytes[] = [];
  const commands: MaskedBytes[] = [];
  let run: MaskedBytes[] = [];
  let step: Step | undefined;
  const endRun = () => {
    strings.push(...plainStrings(run));
    run = [];
  };
  for (const entry of entries) {
    if (entry.type === 'command') {
      const next = view.command(entry.bytes);
      if (next.kind !== step?.kind && next.kind !== 'get-response') endRun();
      step = next;
      commands.push(next.command?.data ?? entry.bytes);
      strings.push(...plainStrings([entry.bytes]));
    } else if (entry.type === 'response') {
      const data = sliceMasked(entry.bytes, 0, Math.max(maskedLength(entry.bytes) - 2, 0));
      if (step) addToImage(images, step, data);
      view.response(entry.bytes);
      strings.push(...plainStrings([entry.bytes]), ...plainStrings([data]));
      run.push(data);
      answers.push(data);
    } else if (entry.type === 'event') view.reset();
    else if (entry.type === 'nonce') strings.push(entry.bytes);
  }
  endRun();
  const files = [...images.values()].flatMap(imageStrings);
  return [...strings, ...plainStrings(answers), ...plainStrings(commands), ...files];
}

/** The parts one after another, cut where placeholders stand. */
function plainStrings(parts: readonly MaskedBytes[]): Uint8Array[] {
  const strings: Uint8Array[][] = [[]];
  for (const piece of parts.flat()) {
    if (isPlain(piece)) strings.at(-1)?.push(piece);
    else strings.push([]);
  }
  return strings.map((pieces) => Buffer.concat(pieces)).filter(({ length }) => length > 0);
}

function addToImage(images: Map<string, FileImage>, step: Step, data: MaskedBytes): void {
  const of = step.kind === 'get-response' ? step.of : step;
  if (of?.kind !== 'read-binary') return;
  const key = `${Buffer.from(of.aid ?? []).toString('hex')}/${of.ef ?? '?'}`;
  const image: FileImage = images.get(key) ?? new Map();
  images.set(key, image);
  let at = of.offset + (step.kind === 'get-response' ? step.at : 0);
  for (const piece of data) {
    if (isPlain(piece)) for (const [index, byte] of piece.entries()) image.set(at + index, byte);
    at += piece.length;
  }
}

/** The image in one piece for each gap-free part. */
function imageStrings(image: FileImage): Uint8Array[] {
  const strings: number[][] = [];
  let last: number | undefined;
  for (const at of [...image.keys()].sort((a, b) => a - b)) {
    if (last === undefined || at !== last + 1) strings.push([]);
    strings.at(-1)?.push(image.get(at) ?? 0);
    last = at;
  }
  return strings.map((bytes) => Uint8Array.from(bytes));
}
