import type { Argv, Options } from 'yargs';
import { UsageError } from './errors.ts';
import type { HelpTexts } from './locales/texts.ts';
import { type TraceRequest, traceMistake, traceRequestOf } from './tracing/trace-request.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly card: string;
  readonly trace: TraceRequest | undefined;
  readonly json: boolean;
  /** Seconds. */
  readonly timeout: number | undefined;
  readonly noInput: boolean;
  readonly allowLastTry: number | undefined;
  readonly pinFd: number | undefined;
  readonly pinStdin: boolean;
  /** The PIN is typed on the keypad of the reader. */
  readonly pinPad: boolean;
}

/** Options whose value is a word or a number that may be given once. */
const SINGLE = { requiresArg: true } as const;

/** Adds the common options, in the language of the person. */
export function commonOptions(program: Argv, { options, groups }: HelpTexts): Argv {
  const common = (name: keyof HelpTexts['options'], option: Options): Options => ({
    ...option,
    describe: options[name],
    group: groups.common,
    global: true,
  });
  const pin = (name: keyof HelpTexts['options'], option: Options): Options => ({
    ...common(name, option),
    group: groups.pin,
  });
  return (
    program
      // Named first, for a command's own options, which its reader looks for; an empty group would be forgotten.
      .group(['help'], groups.own)
      .option('card', common('card', { ...SINGLE, type: 'string', default: 'pcsc:' }))
      .option('json', common('json', { type: 'boolean', default: false }))
      .option('lang', common('lang', { ...SINGLE, choices: ['ja', 'en'] }))
      .option('trace', common('trace', { ...SINGLE, type: 'string' }))
      .option('synthesize', common('synthesize', { type: 'boolean', default: false }))
      .option('force', common('force', { type: 'boolean', default: false }))
      .option('timeout', common('timeout', { ...SINGLE, type: 'number' }))
      .option('no-input', common('no-input', { type: 'boolean', default: false }))
      .option('allow-last-try', pin('allow-last-try', { ...SINGLE, type: 'number' }))
      .option('pin-fd', pin('pin-fd', { ...SINGLE, type: 'number' }))
      .option('pin-stdin', pin('pin-stdin', { type: 'boolean', default: false }))
      .option('pin-pad', pin('pin-pad', { type: 'boolean', default: false }))
  );
}

const PIN = ['allow-last-try', 'pin-fd', 'pin-stdin', 'pin-pad'];
const RECORDING = ['trace', 'synthesize'];

/** Common options that mean nothing to a command, by what the command is. */
export const IDLE: Readonly<
  Record<'pinless' | 'unrecorded' | 'trace' | 'cardless' | 'readsFiles', readonly string[]>
> = {
  /** It speaks to a card and takes no PIN. */
  pinless: PIN,
  /** It looks at readers or cards before there is an exchange to record. */
  unrecorded: [...PIN, ...RECORDING, 'force'],
  /** It works on traces. */
  trace: [...PIN, ...RECORDING],
  /** It has no card, and writes. */
  cardless: [...PIN, ...RECORDING, 'card'],
  /** It has no card, and only reads. */
  readsFiles: [...PIN, ...RECORDING, 'card', 'force'],
};

/** Leaves options out of a help screen; they are accepted all the same, so that a script may give them to all. */
export function leaveOut<T>(yargs: Argv<T>, names: readonly string[]): Argv<T> {
  return names.reduce((rest, name) => rest.hide(name), yargs);
}

/** The common options out of what yargs read. */
export function commonArguments(args: object): CommonOptions {
  const values: Readonly<Record<string, unknown>> = { ...args };
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const number = (name: string) => (typeof values[name] === 'number' ? values[name] : undefined);
  return {
    card: text('card') ?? 'pcsc:',
    trace: traceRequestOf(values),
    json: values['json'] === true,
    timeout: number('timeout'),
    noInput: values['no-input'] === true,
    allowLastTry: number('allow-last-try'),
    pinFd: number('pin-fd'),
    pinStdin: values['pin-stdin'] === true,
    pinPad: values['pin-pad'] === true,
  };
}

/** Options and positionals that may have several values; every other one given twice is a mistake. */
const MANY: ReadonlySet<string> = new Set(['_', 'file', 'trust', 'crl', 'anything', 'apdu']);

/**
 * What yargs does not refuse by itself.
 *
 * @throws {UsageError} for an option given twice, a number that is none, or `--trace` where there is nothing to record.
 */
export function checkArguments(args: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value) && !MANY.has(name)) throw new UsageError(`--${name} ×${value.length}`);
    if (typeof value === 'number' && Number.isNaN(value)) throw new UsageError(`--${name} N`);
  }
  const mistake = traceMistake(args);
  if (mistake !== undefined) throw new UsageError(mistake);
  return true;
}
