/** Language of texts for people. */
export type Language = 'ja' | 'en';

/** A text in both languages. Words of the card are the official Japanese ones in both: 署名用パスワード. */
export interface Wording {
  readonly ja: string;
  readonly en: string;
}

/** A text: one string where both languages say the same. */
export type Words = string | Wording;

/** The text in one language. */
export function say(words: Words, language: Language): string {
  return typeof words === 'string' ? words : words[language];
}

/** Texts one after another in both languages: a template string whose parts are {@link Words}. */
export function wording(parts: TemplateStringsArray, ...words: readonly Words[]): Wording {
  const fill = (language: Language) =>
    parts.map((part, i) => (i === 0 ? part : `${say(words[i - 1] ?? '', language)}${part}`)).join('');
  return { ja: fill('ja'), en: fill('en') };
}

/** A number of bytes. */
export function byteCount(count: number): Wording {
  const digits = String(count);
  return { ja: `${digits}バイト`, en: count === 1 ? '1 byte' : `${digits} bytes` };
}
