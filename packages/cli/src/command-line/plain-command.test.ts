import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeferredCommand } from '../commands/deferred.ts';
import { commandsFor } from '../commands/index.ts';
import { codeOf } from '../error-code.ts';
import { Exit } from '../exit-codes.ts';
import { loadMessages } from '../locales/messages.ts';
import { commonOptions } from '../options.ts';
import { Output } from '../output.ts';
import type { Program } from '../program.ts';
import { type AnyCommand, Declarations } from './declarations.ts';
import { plainCommand } from './plain-command.ts';
import { commandLine } from './yargs-program.ts';

const program: Program = {
  messages: await loadMessages('en'),
  output: new Output({ json: false, write: () => undefined }),
  interrupted: new AbortController().signal,
  exitCode: Exit.DONE,
};

/** What yargs hands to the command. */
async function readByYargs(argv: readonly string[]): Promise<object> {
  try {
    await (await commandLine(argv, program)).parseAsync();
  } catch (error) {
    if (error instanceof DeferredCommand) return error.args;
    throw error;
  }
  throw new TypeError(`yargs found no command in ${argv.join(' ')}`);
}

/** What the plain reading hands to it; an error by its code. */
async function readPlainly(argv: readonly string[]): Promise<object | undefined> {
  return (await plainCommand(argv, program))?.args;
}

/** Names that yargs adds for convenience, and that no command uses: `noInput` beside `no-input`, `o` beside `output`. */
function withoutOtherNames(args: object): object {
  const names = Object.entries(args).filter(([name]) => !/^(o|.*[A-Z].*)$/.test(name));
  return Object.fromEntries(names);
}

/** A command with all its words: `pin change` has two. */
interface Named {
  readonly path: readonly string[];
  readonly declared: Declarations;
}

/** Every command that this version has. */
async function allCommands(): Promise<Named[]> {
  const commands = await commandsFor([], program);
  return commands.filter(({ describe: help }) => help !== false).flatMap((command) => named(command, []));
}

function named(command: AnyCommand, above: readonly string[]): Named[] {
  const path = [...above, String(command.command).split(' ', 1)[0] ?? ''];
  const declared = Declarations.ofCommand(command);
  if (declared.commands.size === 0) return [{ path, declared }];
  return [...declared.commands.values()].flatMap((each) => named(each, path));
}

/** Every option of a command as it is written, with a value for it. */
function writtenOptions({ options }: Declarations): string[][] {
  return [...options].flatMap(([name, { type, choices, alias }]) => {
    const values = choices?.map(String) ?? (type === 'number' ? ['3'] : ['out']);
    if (type === 'boolean') return [[`--${name}`]];
    return values.flatMap((value) => [
      [`--${name}`, value],
      [`--${name}=${value}`],
      ...(typeof alias === 'string' ? [[`-${alias}`, value]] : []),
    ]);
  });
}

const PLAIN = [
  'sign a.txt',
  'sign a.txt b.txt --detached',
  'sign --detached a.txt --force -o out',
  '--card sim: sign 0123 --format cades --level B --key=auth',
  '--card=sim:adult@state.json --no-input status --json',
  'verify a.p7s',
  'verify --trust simulator a.p7s --trust test b.p7s --revocation off --at 2026-01-02',
  'cert auth --format pem --verify',
  'pin status --timeout 5',
  'pin --json change auth --new-pin-fd 4 --pin-fd 3',
  'attributes --code b --code-fd 4 --trace t.jsonl',
  'trace diff a.jsonl b.jsonl --ignore certificates',
  'apdu 00A40400 00B0000000',
  'apdu --file script',
  'sim personas',
  'readers --watch',
  'login now',
];

describe('a command line that yargs need not read', () => {
  it.each(PLAIN)('%s', async (line) => {
    const words = line.split(' ');
    const plain = await readPlainly(words).catch(codeOf);
    expect(plain).toBeDefined();
    const byYargs = await readByYargs(words).then(withoutOtherNames, codeOf);
    expect(plain).toEqual(byYargs);
  });

  it('is left to yargs where yargs has something to say, or more to read', async () => {
    const others = [
      '',
      'sgin',
      'sign',
      'sign --help',
      '--version',
      'sign a --bogus',
      'cert other',
      'status extra',
      'pin',
      'sign a --format xml',
      'status --timeout soon',
      '--card sim: --card sim: status',
      'sign -- -a',
      'apdu --file -',
      '--detached sign a',
      'status --json=true',
      'status --json true',
      'sign "a"',
      'sign -ofile a',
    ];
    for (const line of others) {
      const argv = line.split(' ').filter((word) => word !== '');
      await expect(readPlainly(argv), line).resolves.toBeUndefined();
    }
  });

  it('can be any, for every command tells its options in words that are understood', async () => {
    const options = (await allCommands()).flatMap(({ declared }) => [...declared.options.values()]);
    const kinds = options.map(({ type, choices }) => (choices === undefined ? type : 'choices'));
    expect(new Set(kinds)).toEqual(new Set(['boolean', 'string', 'number', 'choices']));
    // What would have to be minded here, and is not.
    const rare = ['conflicts', 'implies', 'coerce', 'nargs', 'normalize', 'count', 'config'];
    expect(options.flatMap((option) => Object.keys(option)).filter((key) => rare.includes(key))).toEqual([]);
  });

  it('whatever its words, is the one that yargs reads', async () => {
    const common = writtenOptions(Declarations.of((yargs) => commonOptions(yargs, program.messages.help)));
    const commands = await allCommands();
    const everything = [...common, ...commands.flatMap(({ declared }) => writtenOptions(declared))];
    const odd = fc.oneof(fc.constantFrom(...OPERANDS), fc.string({ maxLength: 6 })).map((word) => [word]);
    const line = fc.constantFrom(...commands).chain(({ path, declared }) => {
      const choices = [...declared.positionals.values()].flatMap(
        (each) => each.choices?.map(String) ?? ['a.txt'],
      );
      const own = [...choices.map((word) => [word]), ...writtenOptions(declared), ...common];
      const pieces = fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...own) },
        { weight: 1, arbitrary: fc.constantFrom(...everything) },
        { weight: 1, arbitrary: odd },
      );
      const before = fc.array(fc.oneof(fc.constantFrom(...common), pieces), { maxLength: 1 });
      const between = fc.array(fc.constantFrom(...common), { maxLength: 1 });
      return fc
        .tuple(before, between, fc.array(pieces, { maxLength: 5 }))
        .map(([first, then, rest]) => [...first, path.slice(0, 1), ...then, path.slice(1), ...rest].flat());
    });
    let plainLines = 0;
    await fc.assert(
      fc.asyncProperty(line, async (argv) => {
        const plain = await readPlainly(argv).catch(codeOf);
        if (plain === undefined) return;
        plainLines++;
        expect(plain).toEqual(await readByYargs(argv).then(withoutOtherNames, codeOf));
      }),
      { numRuns: RUNS },
    );
    expect(plainLines).toBeGreaterThan(RUNS / 5);
  });
});

const RUNS = 200;

/** Words that a reader could take for something else. */
const OPERANDS = [
  'a',
  '007',
  '1e3',
  '0x10',
  '3',
  '4.5',
  'a=b',
  'a.b',
  'auth',
  'sign',
  'off',
  'cades',
  'b',
  '-',
  '--',
  '-1',
  '-o',
  '-oa',
  'true',
  "'q'",
  '..',
  'a b',
  'あ',
  'null',
  '__proto__',
  'constructor',
  '--a.b',
  '--no-json',
  '--noInput',
  '--json=1',
  '--card=',
  '--card=x',
  '--trust=a=b',
  '--timeout=3',
];
