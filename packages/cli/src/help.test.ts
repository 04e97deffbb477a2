import { describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { Exit } from './exit-codes.ts';
import { chooseLanguage } from './language.ts';
import { loadMessages } from './locales/messages.ts';
import { Output } from './output.ts';

/** The help screen as yargs makes it. */
async function helpScreen(language: 'ja' | 'en'): Promise<string> {
  const messages = await loadMessages(language);
  const output = new Output({ json: false, write: () => undefined });
  const interrupted = new AbortController().signal;
  const cli = await commandLine([], {
    messages,
    output,
    interrupted,
    exitCode: Exit.DONE,
  });
  return `${await cli.getHelp()}\n`;
}

describe('the help screen', () => {
  it.each(['ja', 'en'] as const)(
    'in %s is the file that the entry answers from (vitest -u writes it)',
    async (language) => {
      await expect(await helpScreen(language)).toMatchFileSnapshot(`../help/${language}.txt`);
    },
  );

  it.each(['ja', 'en'] as const)('in %s names every command there is', async (language) => {
    const screen = await helpScreen(language);
    const words =
      'readers status pin cert sign verify attributes my-number face card-face sim apdu trace doctor';
    for (const word of words.split(' ')) expect(screen).toContain(`jpki ${word}`);
  });
});

describe('the language', () => {
  it.each([
    [['--lang', 'ja'], { LANG: 'en_US.UTF-8' }, 'ja'],
    [['--lang=en'], { LANG: 'ja_JP.UTF-8' }, 'en'],
    [[], { LANG: 'ja_JP.UTF-8' }, 'ja'],
    [[], { LC_ALL: 'C', LANG: 'ja_JP.UTF-8' }, 'en'],
    [[], { LC_ALL: '', LC_MESSAGES: 'ja_JP', LANG: 'C' }, 'ja'],
    [['--', '--lang', 'ja'], { LANG: 'C' }, 'en'],
  ])('of %j with %j is %s', (argv, env, language) => {
    expect(chooseLanguage(argv, env)).toBe(language);
  });
});
