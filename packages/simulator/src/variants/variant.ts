/**
 * A fact of which the document is not sure: told by one source, inferred, disputed or unknown. The card behaves either
 * way, and our own software must work with each.
 */
export interface VariantDescription {
  /** Section of card-protocol.md. */
  readonly section: string;
  /** How sure the document is: number of sources, `inf` inferred, `!` disputed, `?` unknown. */
  readonly mark: '1' | '2' | '3' | 'inf' | '!' | '?';
  /** What is switched, in one sentence. */
  readonly what: string;
  /** The settings; the first is the default: what the document recommends, else our choice. */
  readonly settings: readonly [string, string, ...string[]];
}
