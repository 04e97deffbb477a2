import { PIN_POLICY } from '../pin-policy.ts';
import type { SecretReference } from '../secret-reference.ts';
import type { Holds, MappedFile } from './model.ts';

/** One line of the map. */
export function file(id: number, holds: Holds, name: string, japaneseName: string): MappedFile {
  return { id, name, japaneseName, holds };
}

/** A secret of the card; its Japanese name and its tries come from the rules for PINs. */
export function secret(id: number, reference: SecretReference, name: string): MappedFile {
  const { name: japaneseName, maxTries } = PIN_POLICY[reference];
  return { id, name, japaneseName, holds: 'pin', reference, maxTries };
}
