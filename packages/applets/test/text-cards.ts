import type { CvAnchor } from '../src/cv/anchor.ts';
import { TextApplication } from '../src/text/application.ts';
import { type Bench, benches, type InsertOptions } from './cards.ts';

/** A virtual card with its 券面事項入力補助AP, and the CA keys above its records. */
export interface TextBench extends Bench {
  readonly text: TextApplication;
  readonly anchors: readonly CvAnchor[];
}

/** Inserts cards of the PKI whose keys all test files share. */
export function textCards(): (options?: InsertOptions) => Promise<TextBench> {
  const { insert, trust } = benches();
  return async (options) => {
    const bench = await insert(options);
    return { ...bench, text: new TextApplication(bench.card), anchors: await trust() };
  };
}
