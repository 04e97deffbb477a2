import { cardConditions } from './scard-card-conditions.ts';
import type { ScardCondition } from './scard-condition.ts';
import { moduleConditions } from './scard-module-conditions.ts';
import { serviceConditions } from './scard-service-conditions.ts';
import { windowsConditions } from './scard-windows-conditions.ts';

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
