import type { CommandModule } from 'yargs';
import { IDLE, leaveOut } from '../options.ts';
import type { Program } from '../program.ts';
import { deferred } from './deferred.ts';
import { traceDiffCommand } from './trace-diff.ts';
import { traceExportCommand, traceImportCommand } from './trace-files.ts';
import { traceReplayCommand } from './trace-replay.ts';
import { traceShowCommand } from './trace-show.ts';

/** `jpki trace`: recorded exchanges with a card. */
export function traceCommand(program: Program): CommandModule {
  const { help } = program.messages;
  return {
    command: 'trace',
    describe: help.commands.trace,
    builder: (yargs) =>
      leaveOut(yargs, IDLE.trace)
        .command(deferred(traceShowCommand(program)))
        .command(deferred(traceDiffCommand(program)))
        .command(deferred(traceReplayCommand(program)))
        .command(deferred(traceExportCommand(program)))
        .command(deferred(traceImportCommand(program)))
        .demandCommand(1, help.commandMissing),
    handler: () => undefined,
  };
}
