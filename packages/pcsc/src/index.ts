export type { AddonLoader } from './addon-loader.ts';
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
export { PcscChannel } from './channel/pcsc-channel.ts';
export type { ReaderCallOptions } from './channel/reader-calls.ts';
export type { BindingName } from './choose-binding.ts';
export { PcscError, type PcscErrorCode, type PcscErrorOptions } from './errors.ts';
export { miniBinding } from './mini/mini-binding.ts';
export {
  type ConnectOptions,
  type OpenPcscOptions,
  openPcsc,
  Pcsc,
  type PcscCallOptions,
} from './pcsc.ts';
export { pcscliteBinding } from './pcsclite/pcsclite-binding.ts';
export { pinPad } from './pin-pad/pin-pad.ts';
export type { PinPadDisplay } from './pin-pad/pin-pad-structures.ts';
export { type ReaderAttribute, readerAttributes } from './readers/reader-attributes.ts';
export type { ReaderEvent, ReaderState } from './readers/reader-events.ts';
export { controlCode, type ReaderFeature, type ReaderFeatures } from './readers/reader-features.ts';
export type { BilingualText, ScardCondition } from './scard/scard-condition.ts';
export { describeScardCode } from './scard/scard-errors.ts';
export { type SocketBindingOptions, socketBinding } from './socket/socket-binding.ts';
