import { isPlain, maskedLength, maskedText } from '../masked-bytes.ts';
import type { MaskedBytes } from '../model.ts';
import { Redactor } from '../redact/redact.ts';

/** Whether `command` is the recorded one; a placeholder takes as many bytes as it says. */
export function matches(recorded: MaskedBytes, command: Uint8Array): boolean {
  if (maskedLength(recorded) !== command.length) return false;
  let at = 0;
  return recorded.every((piece) => {
    const part = command.subarray(at, at + piece.length);
    at += piece.length;
    return !isPlain(piece) || piece.every((byte, index) => byte === part[index]);
  });
}

/**
 * A command as an error may show it: redacted as a person's, without marks. Of a mismatch, the header and the length
 * tell enough, and the data might be what a placeholder stands for.
 */
export function shownCommand(command: MaskedBytes): string {
  return maskedText(new Redactor({ holder: 'person' }).command(command));
}
