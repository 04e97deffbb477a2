import type { PinLocation } from '../pin-gate.ts';

/** Where a key of the JPKI application and what belongs to it lie. */
export interface JpkiKeyLayout extends PinLocation {
  readonly reference: 'sign' | 'auth';
  readonly certificateEf: number;
  readonly caEf: number;
  readonly keyEf: number;
  /** Whether the certificate is behind the PIN on every token. */
  readonly certificateIsProtected: boolean;
}
