import type { SecretReference } from '@jpki/applets';
import { accessCodes, type Persona } from '@jpki/simulator';

/** The public secrets of a virtual card; `undefined` where it has none of that kind. */
export function publicSecret(persona: Persona, reference: SecretReference): string | undefined {
  const codes = accessCodes(persona);
  switch (reference) {
    case 'number-a':
      return codes?.a;
    case 'number-b':
      return codes?.b;
    case 'birth':
      return codes?.birth;
    default:
      return persona.pins[reference];
  }
}
