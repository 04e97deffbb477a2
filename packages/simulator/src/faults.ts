import type { StatusWord } from '@jpki/iso7816';

/**
 * Something that goes wrong at one command. `at` counts the commands since the card was opened, from 1. With
 * `executed: true` the card runs the command first and the answer is lost or replaced; else the card never sees it.
 */
export type Fault = {
  readonly at: number;
  readonly executed?: boolean;
} & (
  | { readonly kind: 'remove' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'truncate'; readonly length: number }
  | { readonly kind: 'status-word'; readonly sw: StatusWord }
);

/** The faults of one run; at most one per command. */
export type FaultScript = readonly Fault[];
