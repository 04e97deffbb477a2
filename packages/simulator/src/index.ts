export { SimulatorError, SimulatorPkiError, SimulatorStateError } from './errors.ts';
export type { Fault, FaultScript } from './faults.ts';
export {
  type Birth,
  type CardProfile,
  type Holder,
  type Issuance,
  MAX_TRIES,
  type Persona,
  type PersonaName,
} from './persona.ts';
export { personaNamed, personas } from './personas/index.ts';
export type { CertificateKind, Generation } from './test-pki/names.ts';
export {
  type HolderKey,
  openSimulatorPki,
  type SimulatorAnchor,
  SimulatorPki,
  type SimulatorPkiOptions,
} from './test-pki/simulator-pki.ts';
export { openVirtualCard, VirtualCard, type VirtualCardOptions } from './virtual-card.ts';
