export {
  type AnswerToReset,
  decodeAtr,
  type InterfaceBytes,
  MAX_ATR_LENGTH,
} from './answer-to-reset.ts';
export { Card, type CardOptions } from './card.ts';
export { CardSession } from './card-session.ts';
export { type CardChannel, type ChannelLayer, type Circumstances, layered, TODAY } from './channel.ts';
export { type CommandApdu, decodeCommand, encodeCommand, Ins, isNeverRepeated } from './command.ts';
export {
  ApduFormatError,
  CardError,
  type CardErrorOptions,
  CardLimitError,
  CardRemovedError,
  CardResetError,
  type CommandHeader,
  LinkError,
  MalformedResponseError,
  PinOutcomeUnknownError,
  PinRepeatedError,
  type Remedy,
  StatusWordError,
  TlvFormatError,
} from './errors.ts';
export { fromHex, toHex } from './hex.ts';
export { getResponse, tolerateFirstFailure } from './layers.ts';
export { Pin, type PinFormat, type PinFormatViolation } from './pin.ts';
export type { PinChangeForm, PinProtection } from './pin-command.ts';
export { type PinPad, PinPadError, type PinPadReason, type PinPadRequest } from './pin-pad.ts';
export { decodeResponse, encodeResponse, MAX_RESPONSE_LENGTH, type ResponseApdu } from './response.ts';
export type { TransmitOptions } from './session-scope.ts';
export {
  describeStatusWord,
  type StatusWord,
  type StatusWordKind,
  type StatusWordMeaning,
  Sw,
  triesLeftFrom,
} from './status.ts';
export { encodeTlv, readTlv, readTlvHeader, readTlvs, type Tlv, type TlvHeader } from './tlv.ts';
