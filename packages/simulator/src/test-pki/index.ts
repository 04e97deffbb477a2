export type { CardLevelChain, CvApplication, CvSigner, SimulatorCvAnchor } from './cv-hierarchy.ts';
export {
  type CardKeyUse,
  type HolderKey,
  openSimulatorPki,
  type SimulatorAnchor,
  SimulatorPki,
  type SimulatorPkiOptions,
} from './simulator-pki.ts';
