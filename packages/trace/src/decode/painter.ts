/** Colours text for a terminal, or leaves it alone (ECMA-48, 8.3.117). */
export class Painter {
  readonly #paints: boolean;

  constructor(paints: boolean) {
    this.#paints = paints;
  }

  bold(text: string): string {
    return this.colour(1, text);
  }

  faint(text: string): string {
    return this.colour(2, text);
  }

  /** @param parameter of SGR: 31 is red. */
  colour(parameter: number, text: string): string {
    return this.#paints && text !== '' ? `\u001b[${parameter}m${text}\u001b[0m` : text;
  }
}
