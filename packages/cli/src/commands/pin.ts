import type { CommandModule } from 'yargs';
import { useCard } from '../card/use-card.ts';
import { readPins } from '../card-facts.ts';
import { pinLines } from '../card-lines.ts';
import { commonArguments, IDLE, leaveOut } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { deferred } from './deferred.ts';
import { pinChangeCommand } from './pin-change.ts';

/** `jpki pin`: the counters, and another PIN. */
export function pinCommand(program: Program): CommandModule {
  const { commands } = program.messages.help;
  const status: CommandModule = {
    command: 'status',
    describe: commands.pinStatus,
    builder: (yargs) => leaveOut(yargs, IDLE.pinless),
    handler: (args) => pinStatus(program, commonArguments(args)),
  };
  return {
    command: 'pin',
    describe: commands.pin,
    builder: (yargs) =>
      yargs
        .command(deferred(status))
        .command(deferred(pinChangeCommand(program)))
        .demandCommand(1, program.messages.help.commandMissing),
    handler: () => undefined,
  };
}

async function pinStatus(program: Program, common: ReturnType<typeof commonArguments>): Promise<void> {
  const { output, messages } = program;
  const signal = commandSignal(program, common);
  const pins = await useCard(program, common, signal, ({ card }) => readPins(card, signal));
  if (output.json) output.document({ pins });
  else for (const line of pinLines(pins, messages.card)) output.line(line);
}
