import type { DataNode } from './data-node.ts';
import { displayWidth, padded } from './display-text.ts';
import { type Language, say } from './wording.ts';

/** Columns up to which the values of siblings stand below one another. */
const MAX_LABEL = 28;

/** Writes opened data, values of siblings below one another, children two columns further in. */
export function formatNodes(nodes: readonly DataNode[], language: Language, indent: string): string[] {
  const width = nodes.reduce((most, { label, value }) => {
    const columns = value === undefined ? 0 : displayWidth(say(label, language));
    return columns > MAX_LABEL ? most : Math.max(most, columns);
  }, 0);
  return nodes.flatMap(({ label, value, children, malformed }) => {
    const name = say(label, language);
    const mark = malformed ? '✗ ' : '';
    const own = value === undefined ? name : `${padded(name, width)}  ${say(value, language)}`;
    return [`${indent}${mark}${own}`, ...formatNodes(children, language, `${indent}  `)];
  });
}
