import { statusWordText } from '../status-word-text.ts';

/** Which status words a command may be answered with: `9000`, `63Cx`, `61xx|9000`. */
export interface Expectation {
  /** As it was written, in upper case but for `x`. */
  readonly text: string;
  matches(sw: number): boolean;
}

/** Most alternatives of one expectation. */
const MAX_ALTERNATIVES = 32;

/** @returns `undefined` for what is none: four hex digits, `x` for any, alternatives between `|`. */
export function parseExpectation(text: string): Expectation | undefined {
  const alternatives = text
    .trim()
    .split(/\s*\|\s*/)
    .map((each) => each.toUpperCase().replaceAll('X', 'x'));
  if (alternatives.length > MAX_ALTERNATIVES) return undefined;
  if (!alternatives.every((each) => /^[0-9A-Fx]{4}$/.test(each))) return undefined;
  return {
    text: alternatives.join('|'),
    matches: (sw) => alternatives.some((alternative) => fits(statusWordText(sw), alternative)),
  };
}

function fits(word: string, pattern: string): boolean {
  return [...pattern].every((digit, at) => digit === 'x' || digit === word[at]);
}
