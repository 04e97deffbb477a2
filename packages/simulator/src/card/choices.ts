/**
 * What the virtual card answers where no document tells what the real one does. Each line names the section of
 * card-protocol.md that leaves it open; a measurement on a card would settle it. Nothing in our own software may
 * depend on one of these.
 */
export const Choice = {
  /** 1.3: next occurrence of a partial AID, P2 = 02: there is one application per name. */
  NEXT_OCCURRENCE: 0x6a82,
  /** 1.3: SELECT by DF name with no name, or one of more than 16 bytes. */
  AID_LENGTH: 0x6700,
  /** 12: SELECT EF while no application is selected. */
  EF_AT_CARD_MANAGER: 0x6a82,
  /** 1.3: the short identifier 31, which no EF has. */
  SHORT_ID_31: 0x6a82,
  /** 1.3: commands without the Le, or with the data, that they must or must not have. */
  WRONG_CASE: 0x6700,
  /** 1.3: secure messaging with any other command than SELECT, READ BINARY and VERIFY. */
  SECURE_MESSAGING_ELSEWHERE: 0x6882,
  /** 3.2: VERIFY with more than 16 bytes costs no try. From 1 to 16 bytes are compared, and a wrong length is a wrong PIN. */
  VERIFY_TOO_LONG: 0x6700,
  /** 3.2: VERIFY and 80 2A on an EF of another kind. */
  WRONG_KIND_OF_EF: 0x6981,
  /** 3.5: CHANGE without VERIFY before. */
  CHANGE_UNVERIFIED: 0x6982,
  /** 3.5: CHANGE to a PIN of the wrong shape; the error words were not published. */
  CHANGE_BAD_FORMAT: 0x6a80,
  /** 3.6: 6985 or 6700, it is not told which for which. Data of the wrong length where one length is right: 6700. */
  SIGN_FIXED_LENGTH: 0x6700,
  /** 3.6: data over the longest: 6985. */
  SIGN_TOO_LONG: 0x6985,
  /** 3.6: P2 = 00, the default key, which this application is not told to have. */
  NO_DEFAULT_KEY: 0x6a88,
  /** 1.4: GET DATA: no object is kept yet, and the answer with an application selected is not told. */
  GET_DATA: 0x6a88,
  /** 3.6: INTERNAL AUTHENTICATE on an EF that is no key. */
  INTERNAL_AUTHENTICATE_ELSEWHERE: 0x6981,
} as const;

/** EF 0008: 8F says that a certificate is there; "other than 8F" that it is not (card-protocol.md 3.1). */
export const CERTIFICATE_ABSENT = 0x00;

/** EF 0008, byte 2: 00 on the card of card-protocol.md 3.1, its meaning unknown. */
export const AVAILABILITY_BYTE_2 = 0x00;

/** Physical size of the four certificate files in bytes; only those of 0006 and 0008 are known (card-protocol.md 1.3). */
export const CERTIFICATE_FILE_SIZE = 2048;
