import { NotInThisVersionError, UsageError } from './errors.ts';

/** What `--card` names. */
export type CardUri =
  | { readonly world: 'pcsc'; readonly reader: string | undefined }
  | { readonly world: 'sim'; readonly persona: string; readonly stateFile: string | undefined };

/**
 * Reads `pcsc:`, `pcsc:TEXT`, `sim:`, `sim:PERSONA` and `sim:PERSONA@FILE`.
 *
 * @throws {UsageError} for anything else; {@link NotInThisVersionError} for `trace:FILE`.
 */
export function parseCardUri(uri: string): CardUri {
  const [scheme, rest] = splitAt(uri, ':');
  if (rest === undefined) throw new UsageError(`--card ${uri}`);
  if (scheme === 'pcsc') return { world: 'pcsc', reader: rest || undefined };
  if (scheme === 'trace') throw new NotInThisVersionError('--card trace:');
  if (scheme !== 'sim') throw new UsageError(`--card ${uri}`);
  const [persona, stateFile] = splitAt(rest, '@');
  if (stateFile === '') throw new UsageError(`--card ${uri}`);
  return { world: 'sim', persona: persona || 'adult', stateFile };
}

function splitAt(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
