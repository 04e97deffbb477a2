import type { Output } from '../output.ts';

/** Whether stdout is a terminal that takes colours (https://no-color.org). */
export function wantsColour(): boolean {
  return process.stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

/** Writes lines to stdout. Coloured ones are passed on as they are: nothing in them but the colours controls a terminal. */
export function tellLines(output: Output, lines: readonly string[], isColoured: boolean): void {
  if (isColoured) output.bytes(Buffer.from(`${lines.join('\n')}\n`));
  else for (const line of lines) output.line(line);
}
