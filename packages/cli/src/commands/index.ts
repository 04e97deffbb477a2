import type { Argv, CommandModule } from 'yargs';
import type { CommandName } from '../locales/messages.ts';
import type { Program } from '../program.ts';

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
  attributes: unbuilt('attributes', 'attributes'),
  'my-number': unbuilt('my-number', 'myNumber'),
  face: unbuilt('face', 'face'),
  'card-face': unbuilt('card-face', 'cardFace'),
  apdu: unbuilt('apdu', 'apdu'),
  trace: unbuilt('trace', 'trace'),
  sim: async () => registration((await import('./sim.ts')).simCommand),
  bench: unbuilt('bench', 'bench'),
  doctor: unbuilt('doctor', 'doctor'),
  login: unbuilt('login', 'login'),
  bridge: unbuilt('bridge', 'bridge'),
  agent: unbuilt('agent', 'agent'),
  completion: unbuilt('completion', 'completion'),
};

/** The commands that a command line may mean: those whose word is in it, or all when none is. */
export async function commandsFor(words: readonly string[]): Promise<Registration[]> {
  const named = Object.keys(COMMANDS).filter((name) => words.includes(name));
  const names = named.length === 0 ? Object.keys(COMMANDS) : named;
  return Promise.all(names.flatMap((name) => COMMANDS[name]?.() ?? []));
}

function registration<T>(command: (program: Program) => CommandModule<object, T>): Registration {
  return (cli, program) => {
    cli.command(command(program));
  };
}

function unbuilt(command: string, name: CommandName): () => Promise<Registration> {
  return async () => {
    const { unbuiltCommand } = await import('./unbuilt.ts');
    return registration((program) => unbuiltCommand(program, { command, name, path: command }));
  };
}
