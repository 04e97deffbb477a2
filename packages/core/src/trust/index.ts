export {
  type AnchorOrigin,
  anchorFromCertificate,
  type Hierarchy,
  type PinnedAnchor,
  type Purpose,
  type Trust,
  type TrustAnchor,
} from './anchor.ts';
export { productionAnchors, testAnchors } from './jpki-anchors.ts';
export { checkPath, type PathOptions, type PathResult } from './path.ts';
export {
  FINDINGS,
  type Finding,
  type FindingCode,
  type NotChecked,
  statusOf,
  type VerdictStatus,
  worstStatus,
} from './verdict.ts';
