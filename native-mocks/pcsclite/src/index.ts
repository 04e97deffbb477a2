export type { AddonContext } from './addon-context.ts';
export type { AddonReader } from './addon-reader.ts';
export type { RecordedCall, RecordedOutcome } from './call-log.ts';
export { ManualClock, type MockClock, realClock, settled } from './clock.ts';
export type { Fault } from './fault-plan.ts';
export type { FullBinding } from './full-binding.ts';
export { MockPcsc, type MockPcscOptions, type MockReader } from './mock-pcsc.ts';
export type { OtherProgram } from './other-program.ts';
export {
  type PlatformName,
  type PlatformProfile,
  platformProfiles,
  type Sourced,
} from './platform-profile.ts';
export { type ScardCall, ScardCallError, scardCodes } from './scard.ts';
export type { InsertOptions, MockCard, ReaderOptions } from './slot.ts';
export { type AddonTrap, AddonTrapError } from './traps.ts';
