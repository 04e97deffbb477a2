/** What `--trace` asks for. */
export interface TraceRequest {
  /** Where the trace goes. */
  readonly path: string;
  /** Whether an earlier trace there may be replaced. */
  readonly replace: boolean;
  /** Whether a virtual card stands in for what is the holder's. */
  readonly synthesize: boolean;
  /** Words of the command, without its arguments: those may name files or people. */
  readonly title: string;
}

/** Commands that speak to one card, by their first word. */
const TRACEABLE: ReadonlySet<unknown> = new Set([
  'status',
  'pin',
  'cert',
  'sign',
  'attributes',
  'my-number',
  'face',
  'card-face',
  'apdu',
]);

/** Positional arguments that are one of a few fixed words, and so tell nothing but what was done. */
const FIXED_WORDS = ['certificate', 'pin'] as const;

/** What `--trace` and its companions ask for; `undefined` without it. */
export function traceRequestOf(values: Readonly<Record<string, unknown>>): TraceRequest | undefined {
  const { trace: path, force, synthesize } = values;
  if (typeof path !== 'string') return undefined;
  const words = Array.isArray(values['_']) ? values['_'].map(String) : [];
  const fixed = FIXED_WORDS.flatMap((name) => (typeof values[name] === 'string' ? [values[name]] : []));
  const title = ['jpki', ...words, ...fixed].join(' ');
  return { path, replace: force === true, synthesize: synthesize === true, title };
}

/** Why this command line cannot have `--trace`, as the part of it that is wrong; `undefined` when it can. */
export function traceMistake(values: Readonly<Record<string, unknown>>): string | undefined {
  const { trace: path, card, synthesize } = values;
  const [command] = Array.isArray(values['_']) ? values['_'] : [];
  if (typeof path !== 'string') return synthesize === true ? '--synthesize (--trace FILE)' : undefined;
  if (path === '') return '--trace FILE';
  if (!TRACEABLE.has(command)) return `--trace (jpki ${String(command)})`;
  return typeof card === 'string' && card.startsWith('trace:') ? '--card trace:, --trace' : undefined;
}
