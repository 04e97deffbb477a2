export { type AccessCodes, accessCodes } from './access-codes.ts';
export type { Day } from './calendar/day.ts';
export type { ApplicationName } from './card/application.ts';
export type { PinKey } from './card/pin-memory.ts';
export { type CardDates, cardDates } from './card-dates.ts';
export { SimulatorError, SimulatorExportError, SimulatorPkiError, SimulatorStateError } from './errors.ts';
export type { CommandMatch, Fault, FaultMoment, FaultScript } from './faults.ts';
export {
  type Birth,
  type CardLife,
  type CardNumbers,
  type CardProfile,
  type CertificateKind,
  type Generation,
  type Holder,
  type Issuance,
  MAX_TRIES,
  type Persona,
  type PersonaName,
  type PinName,
  type PortraitName,
} from './persona.ts';
export { personaNamed, personas } from './personas/index.ts';
export type { CardLevelChain, CvApplication, CvSigner, SimulatorCvAnchor } from './test-pki/cv-hierarchy.ts';
export { type ExportPkiOptions, exportPki } from './test-pki/export.ts';
export {
  type CardKeyUse,
  type HolderKey,
  openSimulatorPki,
  type SimulatorAnchor,
  SimulatorPki,
  type SimulatorPkiOptions,
} from './test-pki/simulator-pki.ts';
export {
  CARD_VARIANTS,
  type CardVariants,
  singleVariants,
  type VariantName,
  variantNames,
} from './variants/index.ts';
export type { VariantDescription } from './variants/variant.ts';
export { openVirtualCard, VirtualCard, type VirtualCardOptions } from './virtual-card.ts';
