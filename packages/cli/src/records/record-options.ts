import type { SecretReference } from '@jpki/applets';
import type { Argv } from 'yargs';
import { UsageError } from '../errors.ts';
import type { HelpTexts } from '../locales/texts.ts';
import type { CommonOptions } from '../options.ts';
import { descriptorOf, pinDescriptor } from '../pin/pin-input.ts';
import { PinSource } from '../pin/pin-source.ts';
import type { Program } from '../program.ts';

/** Numbers printed on the card that open parts of it. */
const CODES = ['a', 'b', 'birth'] as const;

const REFERENCE_OF: Readonly<Record<(typeof CODES)[number], SecretReference>> = {
  a: 'number-a',
  b: 'number-b',
  birth: 'birth',
};

/** Options of the commands that read what the card says of its holder. */
export interface RecordOptions {
  readonly trust: string[];
  readonly code: (typeof CODES)[number] | undefined;
  readonly 'code-fd': number | undefined;
}

/** Adds these options. */
export function recordOptions<T>(yargs: Argv<T>, { options, groups }: HelpTexts): Argv<T & RecordOptions> {
  return yargs
    .group(['help'], groups.own)
    .option('trust', { type: 'string', array: true, default: [], describe: options.recordTrust })
    .option('code', { choices: CODES, requiresArg: true, describe: options.code, group: groups.pin })
    .option('code-fd', {
      type: 'number',
      requiresArg: true,
      describe: options['code-fd'],
      group: groups.pin,
    });
}

/** What opens the record: the PIN of the 券面事項入力補助AP, or a number printed on the card. */
export interface RecordSecret {
  readonly reference: SecretReference;
  readonly source: PinSource;
}

/**
 * Gets the secret ready before the card is touched.
 *
 * @param codes the codes that open what the command reads.
 * @param isPinUsedToo whether the PIN serves beside the code.
 * @throws {UsageError} for a code that does not, or options that do not fit; see {@link PinSource.from}.
 */
export async function prepareSecret(
  { code, 'code-fd': codeFd }: RecordOptions,
  codes: readonly SecretReference[],
  context: { readonly common: CommonOptions; readonly program: Program; readonly isPinUsedToo?: boolean },
): Promise<RecordSecret> {
  const { common, program, isPinUsedToo = false } = context;
  if (code === undefined) {
    if (codeFd !== undefined) throw new UsageError('--code-fd (--code a|b|birth)');
    return { reference: 'text', source: await PinSource.prepare('text', common, program) };
  }
  const reference = REFERENCE_OF[code];
  if (!codes.includes(reference)) throw new UsageError(`--code ${code}`);
  const pin = pinDescriptor(common);
  // A number is not typed on a keypad, and beside one the person would not hear which of the two is waited for.
  if ((pin !== undefined && !isPinUsedToo) || common.pinPad)
    throw new UsageError(`--code ${code}, --pin-fd, --pin-stdin, --pin-pad`);
  const descriptor = descriptorOf('--code-fd', codeFd);
  return { reference, source: await PinSource.from(descriptor, reference, common, program) };
}
