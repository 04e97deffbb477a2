import type { MappedApplication, MappedDataObject, MappedFile } from '@jpki/applets/card-map';
import type { MaskedBytes } from '../model.ts';
import type { MaskedCommand } from './masked-command.ts';

/**
 * What a command means on this card, as far as its own bytes and the commands before it tell. What is not certain is
 * absent: after a SELECT that failed, nobody knows what is selected.
 */
export type Step =
  | SelectApplicationStep
  | SelectFileStep
  | ReadBinaryStep
  | ReadRecordStep
  | VerifyStep
  | ChangePinStep
  | SignStep
  | GetDataStep
  | GetResponseStep
  | PlainStep;

/** What every step has. */
interface StepBase {
  /** The command, where its header and length fields can be read. */
  readonly command?: MaskedCommand;
  /** The application that is selected when the command arrives; for its SELECT, the one that it selects. */
  readonly application?: MappedApplication;
  /** DF name of that application, also of one that the map does not have. */
  readonly aid?: Uint8Array;
  /** Identifier of the EF that the command means. */
  readonly ef?: number;
  /** That EF on the map. */
  readonly file?: MappedFile;
  /** Under secure messaging: the data field is encrypted, and so is the answer. */
  readonly secured: boolean;
  /** More commands follow that belong to this one (CLA b5, ISO/IEC 7816-4:2020, 5.3.3). */
  readonly chained: boolean;
}

/** SELECT by DF name. */
interface SelectApplicationStep extends StepBase {
  readonly kind: 'select-application';
  /** The name as it was sent, which may be a part of one. */
  readonly name: MaskedBytes;
}

/** SELECT EF under the selected application. */
interface SelectFileStep extends StepBase {
  readonly kind: 'select-file';
}

/** READ BINARY. */
interface ReadBinaryStep extends StepBase {
  readonly kind: 'read-binary';
  /** First byte asked for. */
  readonly offset: number;
  /** By short EF identifier, which also selects the EF. */
  readonly byShortId: boolean;
  readonly le?: number;
}

/** READ RECORD. */
interface ReadRecordStep extends StepBase {
  readonly kind: 'read-record';
  /** From 1; 0 is the current record. */
  readonly record: number;
  /** By short EF identifier, which also selects the EF. */
  readonly byShortId: boolean;
  /** All records from this one on. */
  readonly toTheLast: boolean;
}

/** VERIFY with a secret (`verify`), or without: then it asks how many tries are left and spends none. */
interface VerifyStep extends StepBase {
  readonly kind: 'verify' | 'ask-tries';
}

/** CHANGE REFERENCE DATA, CHANGE KEY of JICSAP, RESET RETRY COUNTER. */
interface ChangePinStep extends StepBase {
  readonly kind: 'change-pin';
}

/** COMPUTE DIGITAL SIGNATURE of this card, `80 2A`. `ef` is absent for the application's default key. */
interface SignStep extends StepBase {
  readonly kind: 'sign';
  /** P1, which says what the data is and how it is padded (card-protocol.md 3.6). */
  readonly scheme: number;
  /** With the application's default key. */
  readonly defaultKey: boolean;
}

/** GET DATA. */
interface GetDataStep extends StepBase {
  readonly kind: 'get-data';
  readonly tag: number;
  /** The object on the map of the selected application. */
  readonly object?: MappedDataObject;
}

/** GET RESPONSE: the rest of the answer to `of`. */
interface GetResponseStep extends StepBase {
  readonly kind: 'get-response';
  readonly of?: Step;
  /** Response bytes of `of` that came before. */
  readonly at: number;
}

/** Steps that have nothing more to tell than their command and its place. */
interface PlainStep extends StepBase {
  readonly kind:
    | 'select-other'
    | 'internal-authenticate'
    | 'get-challenge'
    | 'verify-certificate'
    | 'set-session-key'
    | 'other';
}
