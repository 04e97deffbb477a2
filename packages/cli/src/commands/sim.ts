import type { CommandModule } from 'yargs';
import type { Program } from '../program.ts';
import { simPersonasCommand } from './sim-personas.ts';
import { simPkiCommand } from './sim-pki.ts';
import { simServeCommand } from './sim-serve.ts';

/** `jpki sim`: the virtual card. */
export function simCommand(program: Program): CommandModule {
  return {
    command: 'sim',
    describe: program.messages.help.commands.sim,
    builder: (yargs) =>
      yargs
        .command(simServeCommand(program))
        .command(simPersonasCommand(program))
        .command(simPkiCommand(program))
        .demandCommand(1),
    handler: () => undefined,
  };
}
