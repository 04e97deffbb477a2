import { PIN_POLICY, type SecretReference } from '@jpki/applets/jpki';

/** How many digits a secret has; 4 where it is not known which is meant. */
export function digitsOf(reference: SecretReference | undefined): number {
  return reference === undefined ? 4 : PIN_POLICY[reference].format.maxLength;
}
