import { commonMap, managerMap, residentMap } from './card.ts';
import { jpkiMap } from './jpki.ts';
import type { MappedApplication } from './model.ts';
import { textMap, visualMap } from './surface.ts';

export { ComputeSignature } from '../compute-signature.ts';
export { AVAILABLE } from '../jpki/layout.ts';
export type { SecretReference } from '../secret-reference.ts';
export type { Holds, MappedApplication, MappedDataObject, MappedFile, MappedPart } from './model.ts';
export { type MappedTag, type MappedTags, recordTags } from './record-tags.ts';

/**
 * The map of the Individual Number Card (マイナンバーカード): its applications, files, secrets and data objects, what each
 * is called and what it holds. Data only: nothing here can send a command.
 */
export const cardMap: readonly MappedApplication[] = [
  managerMap,
  jpkiMap,
  textMap,
  visualMap,
  residentMap,
  commonMap,
];
