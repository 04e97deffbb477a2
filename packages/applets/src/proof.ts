import { CardError } from '@jpki/iso7816';

/** What was found about a signed record of the card, with one English sentence each. Stable codes. */
const MESSAGES = {
  NOT_CHECKED: 'the record was not checked, as the caller wanted',
  RECORD_UNREADABLE: 'the card does not show the signed record to whom this secret is known',
  CV_CA_UNKNOWN: 'no trusted CA key has the name that the certificate on the card gives as its issuer',
  CV_CERTIFICATE_WRONG: 'the certificate on the card does not verify with the key of the CA it names',
  RECORD_WRONG: 'the record does not verify with the certificate on the card',
  RECORD_CONTENT_WRONG: 'the data is not what the signed record says it is',
  CARD_KEY_WRONG: 'the key of the card does not verify with the certificate on the card',
  CHALLENGE_WRONG: 'the card did not prove that it has the private key of the record',
} as const;

/** What can be found about a signed record. */
export type ProofFindingCode = keyof typeof MESSAGES;

/** One thing that keeps a record from being proven. */
export interface ProofFinding {
  readonly code: ProofFindingCode;
  readonly message: string;
}

/** Who stands behind a CA key of card-verifiable certificates. */
export type CvHierarchy = 'production' | 'test' | 'simulator' | 'custom';

/**
 * Whether what the card says of its holder is genuine. `verified`: the signed record, the certificate chain up to a
 * trusted key and a challenge to the card all held. `unverified`: nothing was wrong, but no trusted key is above it, or
 * nobody looked. `forged`: a signature or the challenge is wrong; the data is withheld.
 */
export interface Proof {
  readonly status: 'verified' | 'unverified' | 'forged';
  readonly findings: readonly ProofFinding[];
  /** The hierarchy of the trusted key; present when `verified`. */
  readonly hierarchy?: CvHierarchy;
}

/** A finding with its sentence. */
export function proofFinding(code: ProofFindingCode): ProofFinding {
  return { code, message: MESSAGES[code] };
}

/** The proof of data that nobody checked. */
export const NOT_CHECKED: Proof = { status: 'unverified', findings: [proofFinding('NOT_CHECKED')] };

/** A signature on the card's data, or its answer to the challenge, is wrong. Nothing of the data is handed out. */
export class CardForgedError extends CardError {
  override readonly name = 'CardForgedError';
  readonly proof: Proof;

  constructor(findings: readonly ProofFinding[]) {
    super(`the card's data is not genuine: ${findings.map(({ message }) => message).join('; ')}`, {
      code: 'ERR_CARD_FORGED',
      remedy: 'none',
    });
    this.proof = { status: 'forged', findings };
  }
}
