import type { CvTrust } from './cv/anchor.ts';
import type { UnlockOptions } from './pin-source.ts';

/** How records of the 券面 applications are read. */
export interface RecordOptions extends UnlockOptions {
  /** Whose word is trusted for the records: `productionCvAnchors()` where it is about people. */
  readonly trust: CvTrust;
}
