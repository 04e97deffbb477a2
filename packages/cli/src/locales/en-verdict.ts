import type { VerdictTexts } from './texts.ts';

/** English: the answers of `jpki verify`. */
export const enVerdict: VerdictTexts = {
  verdicts: { valid: 'VALID', invalid: 'INVALID', indeterminate: 'INDETERMINATE' },
  meanings: {
    valid:
      "the document is unchanged since it was signed, and the signer's certificate comes from a trusted CA.",
    invalid: 'do not rely on this signature.',
    indeterminate: 'nothing was found to be false, but not everything could be decided.',
  },
  revocationOff: 'revocation not checked',
  findings: {
    FORMAT_INVALID: {
      message: 'This is no CMS signature.',
      advice: 'Name the signature file (.p7s or .p7m), not the document.',
    },
    CONTENT_MISSING: {
      message: 'The signature is detached and the document was not found.',
      advice: 'Name the document with --content FILE.',
    },
    CONTENT_CHANGED: {
      message: 'The document is not the one that was signed.',
      advice: 'It was changed afterwards, or it is another document. Ask the signer for the original.',
    },
    SIGNATURE_WRONG: {
      message: 'The signature value does not fit the certificate of the signer.',
      advice: 'The signature was changed or damaged. Ask for it again.',
    },
    SIGNER_CERTIFICATE_MISSING: {
      message: 'The certificate of the signer is not in the signature.',
      advice: 'Ask for a signature that carries it.',
    },
    SIGNER_CERTIFICATE_SWAPPED: {
      message: 'The signature names another certificate than the one it carries.',
      advice: 'Somebody may have exchanged the certificate. Do not rely on it.',
    },
    SIGNED_ATTRIBUTES_MISSING: {
      message: 'The signature has no signed attributes.',
      advice: 'It is no CAdES signature; ask for one.',
    },
    ALGORITHM_NOT_ACCEPTED: {
      message: 'The signature uses an algorithm that is not accepted.',
      advice: 'Ask for a signature with RSA of 2,048 bits or more and SHA-256, SHA-384 or SHA-512.',
    },
    CERTIFICATE_MALFORMED: {
      message: 'The certificate of the signer cannot be read.',
      advice: 'The signature was damaged or made up. Do not rely on it.',
    },
    CA_UNKNOWN: {
      message: 'The certificate of the signer comes from a CA that is not trusted.',
      advice:
        'Trusted are the real JPKI CAs. For a virtual card say --trust simulator, for another CA --trust FILE.',
    },
    CA_KEY_MISMATCH: {
      message: 'The certificate names a trusted CA, but another key made it.',
      advice:
        'Somebody may be posing as that CA; or it comes from another set of virtual cards (JPKI_SIM_PKI).',
    },
    CA_EXPIRED: {
      message: 'The CA was not within its validity at the time of verification.',
      advice: 'If you know when it was signed, say --at TIME.',
    },
    CERTIFICATE_EXPIRED: {
      message: 'The certificate of the signer had expired at the time of verification.',
      advice:
        'Without proof of the signing time nobody can tell whether it was made before. If you know: --at TIME.',
    },
    CERTIFICATE_NOT_YET_VALID: {
      message: 'The certificate of the signer was not yet valid at the time of verification.',
      advice: 'Check the clock, or --at TIME.',
    },
    CERTIFICATE_PURPOSE_WRONG: {
      message: 'The certificate is not meant for document signatures.',
      advice:
        'An authentication certificate (利用者証明用) proves a login, not a will. Ask for a signature with the 署名用 certificate.',
    },
    CERTIFICATE_EXTENSION_UNKNOWN: {
      message: 'The certificate has a critical extension that is not understood.',
      advice: 'Use a program that knows it.',
    },
  },
  notChecked: {
    REVOCATION: 'whether the certificate was revoked (only statutory verifiers get that data from J-LIS)',
    SIGNING_TIME: "when it was signed (the time is the signer's own word)",
  },
  labels: {
    signedBy: 'Signer',
    issuer: 'Issued by',
    serial: 'Certificate serial',
    signedAt: "Signed at (by the signer's own clock)",
    notChecked: 'Not checked',
    format: 'Form',
  },
  attributes: { name: 'Name', address: 'Address', birthDate: 'Birth date', sex: 'Sex' },
  sexes: { male: 'male', female: 'female', 'not-applicable': 'not applicable', unknown: 'unknown' },
  noSigner: 'unknown',
  hierarchies: {
    simulator: 'This is the signature of a virtual card. It says nothing about a real person.',
    test: 'This is the signature of a test card. It says nothing about a real person.',
  },
};
