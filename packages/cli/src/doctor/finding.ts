/** How bad a finding is: only a `problem` ends with exit 7. */
export type Severity = 'ok' | 'warning' | 'problem';

/** Every finding of `jpki doctor`, and how bad it is. Codes are stable. */
export const DOCTOR_FINDINGS: Readonly<Record<DoctorCode, Severity>> = {
  NODE_VERSION: 'ok',
  NODE_TOO_OLD: 'problem',
  WSL: 'ok',
  CONTAINER: 'ok',
  SANDBOX: 'warning',
  BROWSER_SANDBOX: 'warning',
  REMOTE_DESKTOP: 'warning',
  SOCKET_OVERRIDDEN: 'warning',
  SERVICE_RUNNING: 'ok',
  SERVICE_NOT_INSTALLED: 'problem',
  SERVICE_SOCKET_INACTIVE: 'problem',
  SERVICE_NOT_RUNNING: 'problem',
  SERVICE_CRASHED: 'problem',
  SERVICE_NOT_IN_CONTAINER: 'problem',
  SERVICE_FORBIDDEN: 'problem',
  SERVICE_HANGS: 'problem',
  SERVICE_FAILED: 'problem',
  ACCESS_DENIED: 'problem',
  POLKIT: 'ok',
  BINDING: 'ok',
  BINDING_FALLBACK: 'warning',
  BINDING_MISSING: 'problem',
  DRIVER: 'ok',
  DRIVER_MISSING: 'warning',
  KERNEL_DRIVER: 'warning',
  READER_NOT_TAKEN: 'problem',
  MACOS_DRIVER: 'warning',
  READERS: 'ok',
  NO_READER: 'problem',
  NO_CARD: 'problem',
  CARD_UNRESPONSIVE: 'problem',
  CARD_IN_USE: 'problem',
  CARD_FAILED: 'problem',
  CARD_OTHER: 'problem',
  CARD_JUKI: 'problem',
  CARD: 'ok',
  CARD_VALID: 'ok',
  CARD_RENEWABLE: 'warning',
  CARD_EXPIRED: 'problem',
  APPLICATION_MISSING: 'warning',
  APPLICATIONS: 'ok',
  AUTH_CERTIFICATE: 'ok',
  AUTH_CERTIFICATE_HIDDEN: 'ok',
  AUTH_CERTIFICATE_RENEWABLE: 'warning',
  AUTH_CERTIFICATE_EXPIRED: 'problem',
  AUTH_CERTIFICATE_ABSENT: 'warning',
  SIGN_CERTIFICATE: 'ok',
  SIGN_CERTIFICATE_ABSENT: 'warning',
  CA_GENERATION: 'ok',
  CA_UNKNOWN: 'warning',
  PIN_TRIES: 'ok',
  PIN_TRIES_LOW: 'warning',
  PIN_BLOCKED: 'problem',
};

/** The detail of a finding about a service that systemd starts. */
export const SYSTEMD = 'systemd';

/** Code of a finding. */
export type DoctorCode =
  | 'NODE_VERSION'
  | 'NODE_TOO_OLD'
  | 'WSL'
  | 'CONTAINER'
  | 'SANDBOX'
  | 'BROWSER_SANDBOX'
  | 'REMOTE_DESKTOP'
  | 'SOCKET_OVERRIDDEN'
  | 'SERVICE_RUNNING'
  | 'SERVICE_NOT_INSTALLED'
  | 'SERVICE_SOCKET_INACTIVE'
  | 'SERVICE_NOT_RUNNING'
  | 'SERVICE_CRASHED'
  | 'SERVICE_NOT_IN_CONTAINER'
  | 'SERVICE_FORBIDDEN'
  | 'SERVICE_HANGS'
  | 'SERVICE_FAILED'
  | 'ACCESS_DENIED'
  | 'POLKIT'
  | 'BINDING'
  | 'BINDING_FALLBACK'
  | 'BINDING_MISSING'
  | 'DRIVER'
  | 'DRIVER_MISSING'
  | 'KERNEL_DRIVER'
  | 'READER_NOT_TAKEN'
  | 'MACOS_DRIVER'
  | 'READERS'
  | 'NO_READER'
  | 'NO_CARD'
  | 'CARD_UNRESPONSIVE'
  | 'CARD_IN_USE'
  | 'CARD_FAILED'
  | 'CARD_OTHER'
  | 'CARD_JUKI'
  | 'CARD'
  | 'CARD_VALID'
  | 'CARD_RENEWABLE'
  | 'CARD_EXPIRED'
  | 'APPLICATION_MISSING'
  | 'APPLICATIONS'
  | 'AUTH_CERTIFICATE'
  | 'AUTH_CERTIFICATE_HIDDEN'
  | 'AUTH_CERTIFICATE_RENEWABLE'
  | 'AUTH_CERTIFICATE_EXPIRED'
  | 'AUTH_CERTIFICATE_ABSENT'
  | 'SIGN_CERTIFICATE'
  | 'SIGN_CERTIFICATE_ABSENT'
  | 'CA_GENERATION'
  | 'CA_UNKNOWN'
  | 'PIN_TRIES'
  | 'PIN_TRIES_LOW'
  | 'PIN_BLOCKED';

/** What the words of a finding may be filled with. Never a secret. */
export interface DoctorFacts {
  /** A reader, file, program, version or the like. */
  readonly subject?: string;
  /** More of it: why, since when, who. */
  readonly detail?: string;
  /** Which PIN, application or kind of card, by its word in the contract. */
  readonly name?: string;
  readonly platform?: NodeJS.Platform;
  readonly left?: number;
  readonly max?: number;
}

/** Something that was looked at. */
export interface DoctorFinding {
  readonly code: DoctorCode;
  readonly severity: Severity;
  readonly facts: DoctorFacts;
  /** The error that was met; its words are the detail. */
  readonly cause?: unknown;
}

export function doctorFinding(code: DoctorCode, facts: DoctorFacts = {}): DoctorFinding {
  return { code, severity: DOCTOR_FINDINGS[code], facts };
}

/** A finding that is an error of some call, with its words as the detail. */
export function failureFinding(code: DoctorCode, cause: unknown, facts: DoctorFacts = {}): DoctorFinding {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return { ...doctorFinding(code, { ...facts, detail }), cause };
}
