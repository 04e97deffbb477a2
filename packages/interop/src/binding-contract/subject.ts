import {
  describeScardCode,
  type ObservedReader,
  type PcscBinding,
  type ReaderObservation,
  ScardFailure,
} from '@jpki/pcsc';
import { expect } from 'vitest';
import type { RunResult } from '../run.ts';
import { eventually } from '../scripted-card.ts';
import type { ContractCard } from './contract-card.ts';

/** A binding with a service, two readers and a card, made once for a suite. */
export interface ContractWorld extends AsyncDisposable {
  readonly binding: PcscBinding;
  /** Names of the two readers; the card belongs into the first, the second stays empty. */
  readonly readers: readonly [string, string];
  readonly card: ContractCard;
  /** Longest command and response that reach the card, bytes. */
  readonly longest: number;
  /** Whether the reader's driver knows the attribute with the answer to reset; that of vpcd does not. */
  readonly atrAttribute: boolean;
  stopService(): Promise<void>;
  startService(): Promise<void>;
  /**
   * Runs a program in a process of its own that has `binding` and `reader`, the name of the first reader, with a card in
   * it that answers 9000 to everything; with `readers: 'none'` the service has no reader at all.
   */
  runProgram(body: string, options?: { readonly readers?: 'none' }): Promise<RunResult>;
}

/** What the suite needs in every part. */
export interface ContractScene {
  readonly world: ContractWorld;
  readonly binding: PcscBinding;
  readonly card: ContractCard;
  readonly first: string;
  readonly second: string;
  /** The observation that runs throughout, since some bindings connect through it. */
  readonly watched: Watched;
}

/** An observation and everything it told. */
export class Watched {
  readonly updates: (readonly ObservedReader[])[] = [];
  readonly lost: unknown[] = [];
  readonly observation: ReaderObservation;

  constructor(binding: PcscBinding) {
    this.observation = binding.observe({
      update: (readers) => this.updates.push(readers),
      lost: (error) => this.lost.push(error),
    });
  }

  /** The reader of this name in the latest update. */
  reader(name: string): ObservedReader | undefined {
    return this.updates.at(-1)?.find((reader) => reader.name === name);
  }

  async started(): Promise<void> {
    await eventually(() => this.updates.length > 0 || this.lost.length > 0);
  }

  async untilCard(name: string, present: boolean): Promise<ObservedReader> {
    await eventually(() => this.reader(name)?.cardPresent === present);
    return this.reader(name) ?? expect.fail(`the reader ${name} is gone`);
  }

  close(): Promise<void> {
    return this.observation.close();
  }
}

/** The SCARD code a promise rejects with. Fails where it resolves, or rejects with something else. */
export async function scardCodeOf(promise: Promise<unknown>): Promise<number> {
  const outcome = await promise.then(
    () => 'success',
    (error: unknown) => error,
  );
  if (outcome instanceof ScardFailure) return outcome.scardCode;
  expect.fail(`expected a ScardFailure, got ${String(outcome)}`);
}

/** Whether a code says that the service went away, to the layer above. */
export function isServiceCode(scardCode: number): boolean {
  return describeScardCode(scardCode)?.error === 'ERR_PCSC_NO_SERVICE';
}

/** Codes of PC/SC that the contract names. */
export const codes = {
  UNKNOWN_READER: 0x80100009,
  SHARING_VIOLATION: 0x8010000b,
  NO_SMARTCARD: 0x8010000c,
  PROTO_MISMATCH: 0x8010000f,
  UNSUPPORTED_FEATURE: 0x8010001f,
  NO_READERS_AVAILABLE: 0x8010002e,
  RESET_CARD: 0x80100068,
  REMOVED_CARD: 0x80100069,
} as const;
