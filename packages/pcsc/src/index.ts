export {
  type BindingCapabilities,
  type BindingCard,
  type CardStatus,
  type Disposition,
  type ObservedReader,
  type PcscBinding,
  type Protocol,
  type ProtocolChoice,
  type ReaderObservation,
  type ReaderObserver,
  ScardFailure,
  type ShareMode,
} from './binding.ts';
export type { BindingName } from './choose-binding.ts';
export { PcscError, type PcscErrorCode, type PcscErrorOptions } from './errors.ts';
export { miniBinding } from './mini/index.ts';
export {
  type ConnectOptions,
  type OpenPcscOptions,
  openPcsc,
  Pcsc,
  type PcscCallOptions,
} from './pcsc.ts';
export { PcscChannel } from './pcsc-channel.ts';
export type { AddonLoader } from './pcsclite-addon.ts';
export { pcscliteBinding } from './pcsclite-binding.ts';
export { pinPad } from './pin-pad.ts';
export type { PinPadDisplay } from './pin-pad-structures.ts';
export { type ReaderAttribute, readerAttributes } from './reader-attributes.ts';
export type { ReaderCallOptions } from './reader-calls.ts';
export type { ReaderEvent, ReaderState } from './reader-events.ts';
export { controlCode, type ReaderFeature, type ReaderFeatures } from './reader-features.ts';
export type { BilingualText, ScardCondition } from './scard-condition.ts';
export { describeScardCode } from './scard-errors.ts';
export { type SocketBindingOptions, socketBinding } from './socket/socket-binding.ts';
