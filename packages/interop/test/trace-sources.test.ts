import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryFolder, sharedPath, sharedRequirement } from '../src/shared-folder.ts';
import { checkDigit } from '../src/trace-guard/my-numbers.ts';

interface Published {
  readonly exchanges: readonly Exchange[];
}

interface Exchange {
  readonly command: string;
  readonly response: string | null;
}

/** All texts of `apdu-traces/sources`, without line breaks inside of bytes. */
function ourTexts(): string {
  const folder = join(repositoryFolder, 'apdu-traces', 'sources');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.apdu'))
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\n  ', ''))
    .join('\n')
    .replaceAll(/(?<=[0-9A-F]{2}) (?=[0-9A-F]{2})/g, '');
}

/** The command as a trace may have it: a PIN is masked. */
const masked = (command: string) => command.replace(/^(002000..0[1-9A-F])(?:..)+$/, '$1{pin:4}');

/** The number of the published test card with a check digit that it cannot have. */
function harmless(response: string): string {
  return response.replace(/(?<=^FF100C)(?:3\d){12}/, (hex) => {
    const digits = Buffer.from(hex, 'hex').toString('latin1').slice(0, 11);
    expect(checkDigit(digits)).not.toBe(0);
    return Buffer.from(`${digits}0`).toString('hex').toUpperCase();
  });
}

/** How an exchange stands in our texts. Answers to reset stand in headers; frames below APDUs in notes. */
function shownAs(file: string, { command, response }: Exchange): string {
  if (command === 'ATR') return `# atr: ${response}`;
  if (file === 'type-b-activation.json') return command;
  return `> ${masked(command)}\n< ${response === null ? '' : harmless(response)}`;
}

describe('byte sequences that others published', sharedRequirement('traces'), () => {
  const ours = ourTexts();

  test.each(sharedRequirement('traces').skip ? [] : readdirSync(sharedPath('traces')))(
    'are all among our own traces: %s',
    (file) => {
      const { exchanges }: Published = JSON.parse(readFileSync(sharedPath('traces', file), 'utf8'));
      const missing = exchanges.filter((exchange) => !ours.includes(shownAs(file, exchange)));
      expect(missing).toEqual([]);
    },
  );
});
