import type { BindingName, ConnectOptions } from '@jpki/pcsc';

/** Which key signs. */
export type SigningKey = 'sign' | 'auth';

/** What a worker can be told to do; one JSON line each, `id` comes back with the reply. */
export type WorkerJob =
  | { readonly job: 'open'; readonly binding: BindingName }
  | { readonly job: 'readers'; readonly timeout?: number }
  /** Keeps the connection for the jobs below, after closing the one before. */
  | { readonly job: 'connect'; readonly reader: string; readonly options?: ConnectOptions }
  | { readonly job: 'disconnect' }
  | { readonly job: 'transmit'; readonly hex: string }
  /** Signs `text` on the connection; tells the event `verified` and waits for `go-on` before it signs, if so told. */
  | { readonly job: 'sign'; readonly key: SigningKey; readonly text: string; readonly wait?: boolean }
  | { readonly job: 'go-on' }
  /** Connects, signs and disconnects, again and again until it has signed `times`. */
  | {
      readonly job: 'sign-often';
      readonly reader: string;
      readonly options?: ConnectOptions;
      readonly times: number;
      readonly text: string;
      /** Milliseconds after which it gives up. */
      readonly patience: number;
    }
  /** Tells every event of `watch()` from now on. */
  | { readonly job: 'watch' }
  | { readonly job: 'endure-apdus'; readonly count: number }
  | {
      readonly job: 'endure-connections';
      readonly reader: string;
      readonly count: number;
      readonly unpower: number;
    }
  | { readonly job: 'measure' };

/** An error as it crosses the pipe. */
export interface WorkerFailure {
  readonly name: string;
  readonly code: string | undefined;
  /** Whether it is a `CardError`: one that a caller can act on. */
  readonly typed: boolean;
  readonly message: string;
  readonly triesLeft?: number;
}

/** A signature and what confirms it, hex. */
export interface WorkerSignature {
  readonly signature: string;
  readonly certificate: string;
}

/** What became of one wish to sign. */
export interface SigningOutcome {
  /** Whether the layer said that it was about to send the PIN. */
  readonly pinSent: boolean;
  readonly made?: WorkerSignature;
  readonly failure?: WorkerFailure;
  /** The card could not be locked afterwards. */
  readonly lockFailure?: WorkerFailure;
}

/** What a process holds, taken after the garbage collector ran. */
export interface Holdings {
  /** Bytes. */
  readonly rss: number;
  /** Bytes. */
  readonly heapUsed: number;
  /** Bytes. */
  readonly external: number;
  /** Open file descriptors. */
  readonly descriptors: number;
  readonly threads: number;
  /** What keeps the event loop alive, by `process.getActiveResourcesInfo`. */
  readonly resources: number;
}

/** One line of a worker's output. */
export type WorkerLine =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: WorkerFailure }
  | { readonly event: string; readonly reader?: string };
