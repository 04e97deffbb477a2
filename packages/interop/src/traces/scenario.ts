import type { CvAnchor } from '@jpki/applets';
import type { TrustAnchor } from '@jpki/core/trust';
import { type Card, type CardOptions, type ChannelLayer, Pin } from '@jpki/iso7816';
import {
  accessCodes,
  type CardVariants,
  type FaultScript,
  type Persona,
  type PersonaName,
} from '@jpki/simulator';

/** What is public of the PKI that the recorded cards belong to. */
export interface PublicPki {
  /** CAs of the certificates for signing (署名用) and for authentication (利用者証明用). */
  readonly trust: readonly TrustAnchor[];
  /** CA keys of the card-verifiable certificates. */
  readonly cvAnchors: readonly CvAnchor[];
}

/** Who uses a card, while it is recorded and again while the trace is played. */
export interface CardUser {
  readonly card: Card;
  readonly persona: Persona;
  /** The time of the recording; a persona's dates follow from it. */
  readonly at: Date;
  readonly pki: PublicPki;
  /** Everything that opens the card, each as a fresh PIN. */
  readonly secrets: Secrets;
  /** Writes a heading into the trace; nothing when it is played. */
  readonly heading: (text: string) => void;
}

/** PINs and 照合番号 of a persona; reading one that it has not gives a PIN that no card takes. */
export type Secrets = Readonly<Record<SecretName, () => Pin>>;

type SecretName = 'sign' | 'auth' | 'text' | 'resident' | 'numberA' | 'numberB' | 'birth';

/** One trace in `apdu-traces`: which card, what happens to it, and what a program does with it. */
export interface Scenario {
  /** Name of the file, without its ending. */
  readonly file: string;
  readonly title: string;
  /** `adult` by default. */
  readonly persona?: PersonaName;
  /** Options of the program's `Card`. */
  readonly card?: CardOptions;
  readonly variants?: Partial<CardVariants>;
  readonly faults?: FaultScript;
  /** Tries left when the card is put in, where they are not the full number. */
  readonly triesLeft?: Persona['triesLeft'];
  /** Between card and recorder: a link with a way of its own. */
  readonly link?: () => ChannelLayer;
  /** Draws the program's keys from {@link withKnownKeys}, so that what they encrypt is the same in every run. */
  readonly knownKeys?: true;
  /** Code of the error that the program gets; `success` without it. */
  readonly expect?: string;
  /** What the program does. Throws when a result is not the one that this persona's card gives. */
  readonly run: (user: CardUser) => Promise<unknown>;
}

/** A PIN or password as it is typed. */
export function pinOf(text: string): Pin {
  return Pin.fromBytes(Buffer.from(text));
}

/** What opens a persona's card on the day `at`. */
export function secretsOf(persona: Persona, at: Date): Secrets {
  const codes = accessCodes(persona, at);
  const secret = (text: string | undefined) => () => pinOf(text ?? '0000');
  return {
    sign: secret(persona.pins.sign ?? 'ABC123'),
    auth: secret(persona.pins.auth),
    text: secret(persona.pins.text),
    resident: secret(persona.pins.resident),
    numberA: secret(codes?.a),
    numberB: secret(codes?.b),
    birth: secret(codes?.birth),
  };
}

/** The error that a run ended with, by its code; `success` when it ended well, `undefined` for an error of no ours. */
export async function outcomeOf(
  run: Promise<unknown>,
): Promise<{ readonly code?: string; readonly error?: unknown }> {
  try {
    await run;
    return { code: 'success' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    return code?.startsWith('ERR_') && code !== 'ERR_ASSERTION' ? { code, error } : { error };
  }
}
