import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { AtomicFile } from '../atomic-file.ts';
import { pemOf } from '../certificate-forms.ts';
import { FileError } from '../errors.ts';
import type { Program } from '../program.ts';

interface PkiOptions {
  readonly folder: string;
  readonly force: boolean;
}

/** `jpki sim pki DIR`: the CA certificates of the virtual cards, for other people's software. */
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

async function writePki({ output, messages }: Program, folder: string, force: boolean): Promise<void> {
  const { openSimulatorPki } = await import('@jpki/simulator');
  const pki = await openSimulatorPki();
  await pki.prepare();
  // The newest generation is what the default persona's certificates come from; there may be none yet.
  for (const kind of ['sign', 'auth'] as const) await pki.caCertificate(kind);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new FileError('ERR_FILE_WRITE', folder, cause);
  });
  const written: string[] = [];
  for (const { kind, generation, certificate } of await pki.anchors()) {
    const path = join(folder, `${kind}-ca-${generation}.pem`);
    await writeFile(path, Buffer.from(pemOf(certificate)), force);
    if (!output.json) output.say(messages.simulator.pkiWritten(path));
    written.push(path);
  }
  if (output.json) output.document({ folder, files: written });
}

async function writeFile(path: string, bytes: Uint8Array, replace: boolean): Promise<void> {
  const file = await AtomicFile.create(path, { replace });
  try {
    await file.write(bytes);
    await file.commit();
  } finally {
    await file[Symbol.asyncDispose]();
  }
}
