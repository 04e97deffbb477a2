/** The four PINs of an Individual Number Card, by what they open. */
export type PinReference = 'sign' | 'auth' | 'text' | 'resident';

/**
 * The numbers printed on the card that open parts of it: 照合番号A (the 個人番号), 照合番号B, and the birth date for the age
 * record. They cannot be changed.
 */
export type CodeReference = 'number-a' | 'number-b' | 'birth';

/** Everything the card compares with what a person gives. */
export type SecretReference = PinReference | CodeReference;
