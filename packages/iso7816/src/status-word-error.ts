import { type CommandHeader, StatusWordError } from './errors.ts';
import { describeStatusWord, type StatusWord } from './status.ts';

/** The error for a status word that is no success, with its meaning in words. */
export function statusWordError(sw: StatusWord, command: CommandHeader): StatusWordError {
  return new StatusWordError(sw, command, describeStatusWord(sw).en);
}
