/**
 * Attributes of a reader and of the card in it, by the names of this package. Source: PC/SC part 3, 3.1.4.1 ("Tags for
 * the IFD capabilities"), and pcsc-lite, `reader.h`; `friendlyName` and `systemName` are additions of pcsc-lite and Windows.
 * Each reader has some of them; what the bytes mean is told there, texts are ASCII and may end with a zero.
 */
export const readerAttributes: {
  readonly vendorName: number;
  readonly vendorIfdType: number;
  readonly vendorIfdVersion: number;
  readonly vendorIfdSerialNumber: number;
  readonly channelId: number;
  readonly asyncProtocolTypes: number;
  readonly syncProtocolTypes: number;
  readonly defaultClock: number;
  readonly maxClock: number;
  readonly defaultDataRate: number;
  readonly maxDataRate: number;
  readonly maxIfsd: number;
  readonly powerManagement: number;
  readonly userToCardAuthDevice: number;
  readonly userAuthInputDevice: number;
  readonly characteristics: number;
  readonly currentProtocolType: number;
  readonly currentIfsc: number;
  readonly currentIfsd: number;
  readonly cardPresence: number;
  readonly cardInterfaceStatus: number;
  readonly atr: number;
  readonly cardType: number;
  readonly maxInput: number;
  readonly friendlyName: number;
  readonly systemName: number;
} = {
  vendorName: 0x0001_0100,
  vendorIfdType: 0x0001_0101,
  /** 0xMMmmbbbb: major, minor, build. */
  vendorIfdVersion: 0x0001_0102,
  vendorIfdSerialNumber: 0x0001_0103,
  /** 0xDDDDCCCC: kind of the channel (0x0020 is USB), and its number. */
  channelId: 0x0002_0110,
  asyncProtocolTypes: 0x0003_0120,
  syncProtocolTypes: 0x0003_0126,
  defaultClock: 0x0003_0121,
  maxClock: 0x0003_0122,
  defaultDataRate: 0x0003_0123,
  maxDataRate: 0x0003_0124,
  maxIfsd: 0x0003_0125,
  powerManagement: 0x0004_0131,
  userToCardAuthDevice: 0x0005_0140,
  userAuthInputDevice: 0x0005_0142,
  characteristics: 0x0006_0150,
  currentProtocolType: 0x0008_0201,
  currentIfsc: 0x0008_0207,
  currentIfsd: 0x0008_0208,
  cardPresence: 0x0009_0300,
  cardInterfaceStatus: 0x0009_0301,
  atr: 0x0009_0303,
  cardType: 0x0009_0304,
  maxInput: 0x0007_a007,
  friendlyName: 0x7fff_0003,
  systemName: 0x7fff_0004,
};

/** Name of an attribute in {@link readerAttributes}. */
export type ReaderAttribute = keyof typeof readerAttributes;
