#!/usr/bin/env node
// The entry of the `jpki` command. CommonJS, because it starts in a third less time than an ES module; and
// `--version` and `--help` are answered right here, from files: nothing else of the program is loaded for them.

const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');

/** Milliseconds for what a driver left running; after them the process ends all the same. */
const LINGER = 1000;

/** `Exit.INTERNAL` of the program. */
const INTERNAL = 70;

const argv: readonly string[] = process.argv.slice(2);
const words = argv.filter((word, index) => !/^--lang(=|$)/.test(word) && argv[index - 1] !== '--lang');
const asked = words.length === 1 ? words[0] : undefined;

if (asked === '--version') answer(version(readFileSync(`${__dirname}/../package.json`, 'utf8')));
else if (asked === '--help' || asked === '-h')
  answer(readFileSync(`${__dirname}/../help/${language()}.txt`, 'utf8'));
else void run();

function answer(text: string): void {
  writeSync(1, text);
}

function version(manifest: string): string {
  const fields: { readonly version?: unknown } = JSON.parse(manifest);
  return `${fields.version}\n`;
}

/** As `chooseLanguage` of the program decides; a test holds them together. */
function language(): 'ja' | 'en' {
  const { env, platform } = process;
  const option = argv.find((word, index) => argv[index - 1] === '--lang' || word.startsWith('--lang='));
  const given = option?.replace('--lang=', '');
  if (given === 'ja' || given === 'en') return given;
  let locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  if (!locale && (platform === 'win32' || platform === 'darwin')) {
    locale = new Intl.DateTimeFormat().resolvedOptions().locale;
  }
  return /^ja/i.test(locale) ? 'ja' : 'en';
}

async function run(): Promise<void> {
  // Node's own exit code for a fault of the program is 1, which means "invalid" here.
  process.once('uncaughtException', ({ name, message }) => {
    writeSync(2, `jpki: this program failed: ${name}: ${message}\n`);
    process.exit(INTERNAL);
  });
  const { main } = await import('./main.ts');
  const code = await main(argv);
  process.exitCode = code;
  setTimeout(() => process.exit(code), LINGER).unref();
}
