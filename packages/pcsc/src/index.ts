export {
  type BindingCapabilities,
  type BindingCard,
  type Disposition,
  type ObservedReader,
  type PcscBinding,
  type ReaderObservation,
  type ReaderObserver,
  ScardFailure,
  type ShareMode,
} from './binding.ts';
export { PcscError, type PcscErrorCode, type PcscErrorOptions } from './errors.ts';
export {
  type ConnectOptions,
  type OpenPcscOptions,
  openPcsc,
  Pcsc,
  type PcscCallOptions,
} from './pcsc.ts';
export type { AddonLoader } from './pcsclite-addon.ts';
export { pcscliteBinding } from './pcsclite-binding.ts';
export type { ReaderEvent, ReaderState } from './reader-events.ts';
export type { ScardCondition } from './scard-conditions.ts';
export { describeScardCode } from './scard-errors.ts';
export { type SocketBindingOptions, socketBinding } from './socket/socket-binding.ts';
