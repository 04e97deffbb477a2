import { cardConditions } from './scard-card-conditions.ts';
import type { ScardCondition } from './scard-condition.ts';
import { moduleConditions } from './scard-module-conditions.ts';
import { serviceConditions } from './scard-service-conditions.ts';
import { windowsConditions } from './scard-windows-conditions.ts';

// SCARD codes that decisions are made on.
export const SCARD_E_INSUFFICIENT_BUFFER = 0x80100008;
export const SCARD_E_SHARING_VIOLATION = 0x8010000b;
export const SCARD_E_PROTO_MISMATCH = 0x8010000f;
export const SCARD_E_NO_READERS_AVAILABLE = 0x8010002e;
export const SCARD_W_UNPOWERED_CARD = 0x80100067;

/**
 * Every code a person can meet, in the order of their numbers. Source of names and numbers: pcsc-lite, `pcsclite.h`,
 * "Error codes"; Windows SDK, `winerror.h`, facility SCARD and the system errors that drivers pass on. The causes are
 * what the service was seen to mean by them, on Linux; on other systems what the headers say.
 */
export const scardConditions: ReadonlyMap<number, ScardCondition> = new Map(
  [...windowsConditions, ...serviceConditions, ...cardConditions, ...moduleConditions].sort(
    ([one], [other]) => one - other,
  ),
);
