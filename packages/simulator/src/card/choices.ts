/**
 * Contents of which no document tells. What the card answers where no document tells is in {@link CARD_VARIANTS}, where
 * each can be switched. Nothing in our own software may depend on one of these.
 */

/** EF 0008, byte 2: 00 on the card of card-protocol.md 3.1, its meaning unknown. */
export const AVAILABILITY_BYTE_2 = 0x00;

/** Physical size of the four certificate files in bytes; only those of 0006 and 0008 are known (card-protocol.md 1.3). */
export const CERTIFICATE_FILE_SIZE = 2048;

/** Physical size of EF 0002 of the 券面事項入力補助AP in bytes: room for a long name and address. */
export const ATTRIBUTES_FILE_SIZE = 512;

/** Physical sizes of the files of the 券面事項確認AP, none of them known: the next multiple of so many bytes. */
export const VISUAL_FILE_GRAIN = 64;
