import { changePin, normalizeNewPin, PIN_POLICY, type PinReference } from '@jpki/applets';
import { Pin } from '@jpki/iso7816';
import type { Argv, CommandModule } from 'yargs';
import { useCard } from '../card/use-card.ts';
import { CliError, PinNeededError, UsageError } from '../errors.ts';
import { type CommonOptions, commonArguments } from '../options.ts';
import { descriptorOf, pinDescriptor, readSecret } from '../pin/pin-input.ts';
import { PinSource } from '../pin/pin-source.ts';
import { commandSignal, type Program } from '../program.ts';

const REFERENCES = ['sign', 'auth', 'text', 'resident'] as const;

/** How often a person may type the new PIN in two ways. */
const MAX_ATTEMPTS = 3;

interface ChangeOptions {
  readonly pin: PinReference;
  readonly 'new-pin-fd': number | undefined;
}

/** `jpki pin change`: another PIN for the old one. */
export function pinChangeCommand(program: Program): CommandModule<object, ChangeOptions> {
  const { commands, options, groups } = program.messages.help;
  return {
    command: 'change <pin>',
    describe: commands.pinChange,
    builder: (yargs: Argv): Argv<ChangeOptions> =>
      yargs
        .positional('pin', { choices: REFERENCES, demandOption: true, describe: options.whichPin })
        .option('new-pin-fd', {
          type: 'number',
          requiresArg: true,
          describe: options['new-pin-fd'],
          group: groups.pin,
        }),
    handler: (args) => change(program, args, commonArguments(args)),
  };
}

async function change(program: Program, options: ChangeOptions, common: CommonOptions): Promise<void> {
  const { output, messages } = program;
  const { pin: reference } = options;
  // A change asks for the PIN in each of its homes, and takes it back where the second one fails: it must be at hand.
  if (common.pinPad) throw new UsageError('pin change, --pin-pad');
  const signal = commandSignal(program, common);
  const given = await givenNewPin(program, options, common);
  const current = await PinSource.prepare(reference, common, program);
  const next = async () => given?.copy() ?? askNewPin(program, reference, signal);
  try {
    await useCard(program, common, signal, ({ card, ...opened }) =>
      current.spend({ card, ...opened }, signal, ({ pin, ...unlock }) =>
        changePin(card, { ...unlock, reference, current: pin, next }),
      ),
    );
  } finally {
    current[Symbol.dispose]();
    given?.[Symbol.dispose]();
  }
  if (output.json) output.document({ pin: reference, changed: true });
  else output.say(messages.pinChange.changed(messages.card.pins[reference]));
}

/** The new PIN of `--new-pin-fd`, checked before anything is sent. */
async function givenNewPin(
  program: Program,
  options: ChangeOptions,
  common: CommonOptions,
): Promise<Pin | undefined> {
  const descriptor = descriptorOf('--new-pin-fd', options['new-pin-fd']);
  if (descriptor === undefined) {
    // A virtual card has a public PIN to be used unasked, but no new one.
    if (common.noInput) throw new PinNeededError();
    return undefined;
  }
  if (descriptor === pinDescriptor(common)) throw new UsageError('--pin-fd, --new-pin-fd');
  return checkedNewPin(program, options.pin, await readSecret(descriptor));
}

function checkedNewPin({ output, messages }: Program, reference: PinReference, bytes: Uint8Array): Pin {
  const pin = Pin.fromBytes(bytes);
  try {
    if (normalizeNewPin(reference, pin)) output.say(messages.sign.upperCased);
    return pin;
  } catch (error) {
    pin[Symbol.dispose]();
    throw error;
  }
}

/** Asks a person twice: nobody sees what they type. */
async function askNewPin(program: Program, reference: PinReference, signal: AbortSignal): Promise<Pin> {
  const { output, messages } = program;
  const { askSecret } = await import('../pin/prompt.ts');
  const { characters, minLength } = PIN_POLICY[reference].format;
  const hint = messages.sign.pinHints[characters](minLength);
  const question = messages.pinChange.askNew(messages.card.pins[reference], hint);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const first = await askSecret(question, signal);
    const second = await askSecret(messages.pinChange.askAgain, signal);
    const isSame = Buffer.compare(first, second) === 0;
    second.fill(0);
    if (isSame) return checkedNewPin(program, reference, first);
    first.fill(0);
    if (attempt < MAX_ATTEMPTS - 1) output.say(messages.pinChange.differ);
  }
  throw new CliError('ERR_NEW_PIN_DIFFERS', 'correct-command');
}
