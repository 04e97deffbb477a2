import type { SecretReference } from '@jpki/applets';
import type { Persona } from '@jpki/simulator';
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

/** Everything public that opens a virtual card, in the order it is told. */
const REFERENCES: readonly SecretReference[] = [
  'sign',
  'auth',
  'text',
  'resident',
  'number-a',
  'number-b',
  'birth',
];

async function simPersonas({ output, messages }: Program): Promise<void> {
  const { personas } = await import('@jpki/simulator');
  const { publicSecret } = await import('../pin/persona-secrets.ts');
  if (output.json) {
    const document = (persona: Persona) => {
      const secret = (reference: SecretReference) => publicSecret(persona, reference) ?? null;
      const { name, cardKind, description, documented, assumed } = persona;
      return {
        name,
        cardKind,
        pins: {
          sign: secret('sign'),
          auth: secret('auth'),
          text: secret('text'),
          resident: secret('resident'),
        },
        codes: { a: secret('number-a'), b: secret('number-b'), birth: secret('birth') },
        description: description[messages.language],
        documented,
        assumed,
      };
    };
    output.document({ personas: personas.map(document) });
    return;
  }
  for (const persona of personas) {
    output.line(`${persona.name.padEnd(18)}${persona.description[messages.language]}`);
    for (const reference of REFERENCES) {
      const secret = publicSecret(persona, reference);
      if (secret !== undefined) output.line(`${' '.repeat(18)}${messages.card.pins[reference]}: ${secret}`);
    }
  }
}
