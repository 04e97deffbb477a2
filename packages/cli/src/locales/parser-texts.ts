/** A sentence that has another form where it speaks of several things; Japanese has one form. */
export interface Plural {
  readonly one: string;
  readonly other: string;
}

/** Words of yargs by their English form, which is their key; what is not here stays as yargs says it. */
export type ParserTexts = Readonly<Record<string, string | Plural>>;

/** yargs as it is: @types/yargs leaves out that a sentence may have a plural. */
export interface Parser {
  updateStrings(texts: ParserTexts): unknown;
}
