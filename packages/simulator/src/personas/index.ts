import { SimulatorError } from '../errors.ts';
import type { Persona } from '../persona.ts';
import { ADULT } from './adult.ts';
import { BLOCKED } from './blocked.ts';
import { CHILD } from './child.ts';
import { EXPIRED } from './expired.ts';
import { FACE_AUTH } from './face-auth.ts';
import { FOREIGN_RESIDENT } from './foreign-resident.ts';
import { GENERATION_1, GENERATION_2, GENERATION_3 } from './generations.ts';
import { JUKI } from './juki.ts';
import { NO_CERTIFICATES } from './no-certificates.ts';
import { PHONE_ANDROID, PHONE_IPHONE } from './phones.ts';
import { REVOKED } from './revoked.ts';

/** Every persona, the default one first. */
export const personas: readonly Persona[] = [
  ADULT,
  CHILD,
  NO_CERTIFICATES,
  FACE_AUTH,
  FOREIGN_RESIDENT,
  EXPIRED,
  REVOKED,
  BLOCKED,
  PHONE_ANDROID,
  PHONE_IPHONE,
  GENERATION_1,
  GENERATION_2,
  GENERATION_3,
  JUKI,
];

/** The persona of a name. @throws {SimulatorError} `ERR_SIM_PERSONA` when there is none. */
export function personaNamed(name: string): Persona {
  const persona = personas.find((candidate) => candidate.name === name);
  if (persona !== undefined) return persona;
  throw new SimulatorError(
    `there is no persona of that name; there are ${personas.map((p) => p.name).join(', ')}`,
    {
      code: 'ERR_SIM_PERSONA',
    },
  );
}
