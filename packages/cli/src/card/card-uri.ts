import { UsageError } from '../errors.ts';
import { MIN_IDENTITY_DIGITS } from './card-identity.ts';

/** What `--card` names. */
export type CardUri =
  | {
      readonly world: 'pcsc';
      /** The reader's name, or a part of it. */
      readonly reader: string | undefined;
      /** First digits of the card's identity, lower-case hexadecimal. */
      readonly identity: string | undefined;
    }
  | { readonly world: 'sim'; readonly persona: string; readonly stateFile: string | undefined }
  | { readonly world: 'trace'; readonly path: string };

/**
 * Reads `pcsc:`, `pcsc:TEXT`, `pcsc:sha256=HEX`, `sim:`, `sim:PERSONA`, `sim:PERSONA@FILE` and
 * `trace:FILE`.
 *
 * @throws {UsageError} for anything else.
 */
export function parseCardUri(uri: string): CardUri {
  const [scheme, rest] = splitAt(uri, ':');
  if (rest === undefined) throw new UsageError(`--card ${uri}`);
  if (scheme === 'pcsc') return realCard(rest, uri);
  if (scheme === 'trace' && rest !== '') return { world: 'trace', path: rest };
  if (scheme !== 'sim') throw new UsageError(`--card ${uri}`);
  const [persona, stateFile] = splitAt(rest, '@');
  if (stateFile === '') throw new UsageError(`--card ${uri}`);
  return { world: 'sim', persona: persona || 'adult', stateFile };
}

const IDENTITY = new RegExp(`^[0-9a-f]{${MIN_IDENTITY_DIGITS},64}$`);

function realCard(text: string, uri: string): CardUri {
  const [name, digits] = splitAt(text, '=');
  if (name !== 'sha256' || digits === undefined)
    return { world: 'pcsc', reader: text || undefined, identity: undefined };
  const identity = digits.replaceAll(/[\s:]/g, '').toLowerCase();
  if (!IDENTITY.test(identity)) throw new UsageError(`--card ${uri}`);
  return { world: 'pcsc', reader: undefined, identity };
}

function splitAt(text: string, separator: string): [before: string, after: string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
