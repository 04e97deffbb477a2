import type { Argv, CommandModule } from 'yargs';
import type { Program } from '../program.ts';
import { deferred } from './deferred.ts';

/** Adds a command to the command line. */
type Registration = (cli: Argv, program: Program) => void;

/**
 * Every command by its first word, and where it lives. A command is loaded when its word stands in the command
 * line, so that `jpki sign` does not pay for the others; all are loaded for the help screens.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Registration>>> = {
  readers: async () => registration((await import('./readers.ts')).readersCommand),
  status: async () => registration((await import('./status.ts')).statusCommand),
  pin: async () => registration((await import('./pin.ts')).pinCommand),
  cert: async () => registration((await import('./cert.ts')).certCommand),
  sign: async () => registration((await import('./sign.ts')).signCommand),
  verify: async () => registration((await import('./verify.ts')).verifyCommand),
  attributes: async () => registration((await import('./attributes.ts')).attributesCommand),
  'my-number': async () => registration((await import('./my-number.ts')).myNumberCommand),
  face: async () => registration((await import('./face.ts')).faceCommand),
  'card-face': async () => registration((await import('./card-face.ts')).cardFaceCommand),
  apdu: async () => registration((await import('./apdu.ts')).apduCommand),
  trace: async () => registration((await import('./trace.ts')).traceCommand),
  sim: async () => registration((await import('./sim.ts')).simCommand),
  bench: unbuilt('bench'),
  doctor: async () => registration((await import('./doctor.ts')).doctorCommand),
  login: unbuilt('login'),
  bridge: unbuilt('bridge'),
  agent: unbuilt('agent'),
  completion: unbuilt('completion'),
};

/** The commands that a command line may mean: those whose word is in it, or all when none is. */
export async function commandsFor(words: readonly string[]): Promise<Registration[]> {
  const named = Object.keys(COMMANDS).filter((name) => words.includes(name));
  const names = named.length === 0 ? Object.keys(COMMANDS) : named;
  return Promise.all(names.flatMap((name) => COMMANDS[name]?.() ?? []));
}

function registration<T>(command: (program: Program) => CommandModule<object, T>): Registration {
  return (cli, program) => {
    cli.command(deferred(command(program)));
  };
}

function unbuilt(path: string): () => Promise<Registration> {
  return async () => {
    const { unbuiltCommand } = await import('./unbuilt.ts');
    return registration(() => unbuiltCommand(path));
  };
}
