import type { CommandModule } from 'yargs';
import type { Program } from '../program.ts';

/** `jpki sim personas`: the virtual cards and their public PINs. */
export function simPersonasCommand(program: Program): CommandModule {
  return {
    command: 'personas',
    describe: program.messages.help.commands.simPersonas,
    handler: () => simPersonas(program),
  };
}

async function simPersonas({ output, messages }: Program): Promise<void> {
  const { personas } = await import('@jpki/simulator');
  if (output.json) {
    output.document({
      personas: personas.map(({ name, cardKind, pins, description, documented, assumed }) => ({
        name,
        cardKind,
        // The applications of the other PINs and codes are not simulated yet.
        pins: { sign: pins.sign ?? null, auth: pins.auth ?? null, text: null, resident: null },
        codes: { a: null, b: null, birth: null },
        description: description[messages.language],
        documented,
        assumed,
      })),
    });
    return;
  }
  for (const { name, description, pins } of personas) {
    output.line(`${name.padEnd(18)}${description[messages.language]}`);
    for (const key of ['sign', 'auth'] as const) {
      if (pins[key] !== undefined) output.line(`${' '.repeat(18)}${messages.card.pins[key]}: ${pins[key]}`);
    }
  }
}
