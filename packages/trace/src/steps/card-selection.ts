import { cardMap, type MappedApplication, type MappedFile } from '@jpki/applets/card-map';
import { toHex } from '@jpki/iso7816';
import type { Step } from './card-step.ts';

/** Which application and which EF; what is unknown is absent. */
export interface Place {
  readonly aid?: Uint8Array;
  readonly application?: MappedApplication;
  readonly ef?: number;
  readonly file?: MappedFile;
}

/** Bits of P1 or P2 that are a short identifier. */
export const SHORT_ID_BITS = 0x1f;

export const UNKNOWN_PLACE: Place = {};

/** The application of a full DF name. A part of a name may have reached any application (card-protocol.md 1.3). */
export function applicationAt(aid: Uint8Array): Place {
  const application = byAid.get(toHex(aid));
  return application === undefined ? { aid } : { aid, application };
}

/** An EF of the application of `place`; an absent `ef` is an unknown one. */
export function fileAt({ aid, application }: Place, ef: number | undefined): Place {
  const file = application?.files.find(({ id }) => id === ef);
  return {
    ...(aid && { aid }),
    ...(application && { application }),
    ...(ef !== undefined && { ef }),
    ...(file && { file }),
  };
}

const byAid: ReadonlyMap<string, MappedApplication> = new Map(
  cardMap.map((application) => [toHex(application.aid), application]),
);

/** What is selected. A command that selects leaves it unknown until the card says that it did. */
export class Selection {
  #place: Place = UNKNOWN_PLACE;

  get place(): Place {
    return this.#place;
  }

  forget(): void {
    this.#place = UNKNOWN_PLACE;
  }

  /** The command goes out. */
  begin(step: Step): void {
    this.#place = whileOpen(step, this.#place);
  }

  /** The card answered. */
  end(step: Step, isDone: boolean): void {
    if (isDone && selects(step)) this.#place = fileAt(step, step.ef);
  }
}

/** What is known of the selection while the answer to `step` is open, and after a refusal. */
function whileOpen(step: Step, place: Place): Place {
  switch (step.kind) {
    case 'select-application':
    case 'select-other':
    // What is not understood may have selected anything: ENVELOPE, the odd READ BINARY, UPDATE by a short identifier.
    case 'other':
      return UNKNOWN_PLACE;
    case 'select-file':
      return fileAt(place, undefined);
    default:
      return selects(step) || meansShortId(step) ? fileAt(place, undefined) : place;
  }
}

/** Whether P2 means an EF by its short identifier. That may make it the current one; no document says so of this card. */
function meansShortId({ kind, command }: Step): boolean {
  switch (kind) {
    case 'verify':
    case 'ask-tries':
    case 'change-pin':
    case 'sign':
    case 'internal-authenticate':
      return ((command?.p2 ?? 0) & SHORT_ID_BITS) !== 0;
    default:
      return false;
  }
}

/** Whether the step, once done, has selected what it names. */
function selects(step: Step): boolean {
  switch (step.kind) {
    case 'select-application':
    case 'select-file':
      return !step.chained;
    case 'read-binary':
    case 'read-record':
      return step.byShortId;
    default:
      return false;
  }
}
