import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { FileError } from '../errors.ts';
import type { Program } from '../program.ts';

interface PkiOptions {
  readonly folder: string;
  readonly force: boolean;
}

/** `jpki sim pki DIR`: the CAs of the virtual cards, for other people's software. */
export function simPkiCommand(program: Program): CommandModule<object, PkiOptions> {
  const { commands, options } = program.messages.help;
  return {
    command: 'pki <folder>',
    describe: commands.simPki,
    builder: (yargs: Argv): Argv<PkiOptions> =>
      yargs
        .positional('folder', { type: 'string', demandOption: true, describe: options.folder })
        .option('force', { type: 'boolean', default: false, describe: options.force }),
    handler: ({ folder, force }) => writePki(program, folder, force),
  };
}

/** One file of an export: where it is, all are. */
const LANDMARK = 'cv-anchors.json';

async function writePki({ output, messages }: Program, folder: string, force: boolean): Promise<void> {
  const landmark = join(folder, LANDMARK);
  if (!force && existsSync(landmark)) throw new FileError('ERR_FILE_EXISTS', landmark);
  const { exportPki, openSimulatorPki } = await import('@jpki/simulator');
  const files = (await exportPki(await openSimulatorPki(), folder)).map((name) => join(folder, name));
  if (output.json) output.document({ folder, files });
  else for (const file of files) output.say(messages.simulator.pkiWritten(file));
}
