/** Languages the command speaks. */
export type Language = 'ja' | 'en';

/**
 * The language of the person: `--lang` if given, else the first of the POSIX locale variables that is set
 * (POSIX.1-2017, 8.2: LC_ALL, LC_MESSAGES, LANG), else what the operating system's own settings say.
 */
export function chooseLanguage(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Language {
  const asked = optionValue(argv, '--lang');
  if (asked === 'ja' || asked === 'en') return asked;
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || systemLocale();
  return /^ja/i.test(locale) ? 'ja' : 'en';
}

/** Windows and macOS set no variables; elsewhere none means the C locale, and ICU need not be asked. */
function systemLocale(): string {
  if (process.platform !== 'win32' && process.platform !== 'darwin') return 'C';
  return new Intl.DateTimeFormat().resolvedOptions().locale;
}

/** The value of `--name VALUE` or `--name=VALUE` before `--`; for what must be known before yargs is loaded. */
export function optionValue(argv: readonly string[], name: string): string | undefined {
  const options = optionsOf(argv);
  const index = options.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (index === -1) return undefined;
  return options[index]?.includes('=') ? options[index]?.slice(name.length + 1) : options[index + 1];
}

/** The words before `--`: what may be options. */
export function optionsOf(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}
