import type { CommandModule } from 'yargs';
import { IDLE, leaveOut } from '../options.ts';
import type { Program } from '../program.ts';
import { deferred } from './deferred.ts';
import { simPersonasCommand } from './sim-personas.ts';
import { simPkiCommand } from './sim-pki.ts';
import { simServeCommand } from './sim-serve.ts';

/** `jpki sim`: the virtual card. */
export function simCommand(program: Program): CommandModule {
  return {
    command: 'sim',
    describe: program.messages.help.commands.sim,
    builder: (yargs) =>
      leaveOut(yargs, IDLE.cardless)
        .command(deferred(simServeCommand(program)))
        .command(deferred(simPersonasCommand(program)))
        .command(deferred(simPkiCommand(program)))
        .demandCommand(1, program.messages.help.commandMissing),
    handler: () => undefined,
  };
}
