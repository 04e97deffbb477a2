import type { ParserTexts, Plural } from './parser-texts.ts';

const invariable = (sentence: string): Plural => ({ one: sentence, other: sentence });

/** 日本語: what yargs says, in place of its own translation. */
export const jaParser: ParserTexts = {
  'Positionals:': '引数:',
  boolean: '真偽値',
  array: '複数可',
  'default:': '既定:',
  'choices:': '選択肢:',
  'Not enough non-option arguments: got %s, need at least %s': invariable(
    '引数が足りません (指定 %s 個、必要 %s 個以上)',
  ),
  'Too many non-option arguments: got %s, maximum of %s': invariable(
    '引数が多すぎます (指定 %s 個、最大 %s 個)',
  ),
  'Missing argument value: %s': invariable('値が指定されていません: %s'),
  'Missing required argument: %s': invariable('必須の指定がありません: %s'),
  'Unknown argument: %s': invariable('このコマンドにない引数です: %s'),
  'Unknown command: %s': invariable('コマンドがありません: %s'),
  'Invalid values:': '値が正しくありません:',
  'Argument: %s, Given: %s, Choices: %s': '%s に %s は指定できません。選択肢: %s',
  'Not enough arguments following: %s': '値が指定されていません: %s',
  'Did you mean %s?': '%s の誤りではありませんか。',
};
