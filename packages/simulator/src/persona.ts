/** Every persona there is, by the name that `sim:NAME` takes. */
export type PersonaName =
  | 'adult'
  | 'child'
  | 'no-certificates'
  | 'face-auth'
  | 'foreign-resident'
  | 'expired'
  | 'revoked'
  | 'blocked'
  | 'phone-android'
  | 'phone-iphone'
  | 'generation-1'
  | 'generation-2'
  | 'generation-3'
  | 'juki';

/** An invented cardholder and the card in their hand: public data, PINs included. */
export interface Persona {
  readonly name: PersonaName;
  readonly cardKind: 'individual-number-card' | 'phone-android' | 'phone-iphone' | 'juki-card';
  readonly description: { readonly ja: string; readonly en: string };
  /** The public PINs; one that is absent is not set on this card. */
  readonly pins: Readonly<Partial<Record<PinName, string>>>;
  /** Tries left on a fresh card, where that is not the maximum. */
  readonly triesLeft?: Readonly<Partial<Record<PinName, number>>>;
  readonly holder: Holder;
  /** The certificates on the card; a kind that is absent is not on it. */
  readonly certificates: { readonly sign?: Issuance; readonly auth?: Issuance };
  readonly card: CardProfile;
  readonly numbers: CardNumbers;
  /** What of this card a document tells, with its section. */
  readonly documented: readonly string[];
  /** What of this card nobody told us, and what we made of it. */
  readonly assumed: readonly string[];
}

/**
 * The four 暗証番号: 署名用パスワード, 利用者証明用, 券面事項入力補助用 and 住民基本台帳用. The last one lies in two applications
 * (card-protocol.md 6).
 */
export type PinName = 'sign' | 'auth' | 'text' | 'resident';

/** What is printed on the card besides the attributes, and in its record file. */
export interface CardNumbers {
  /** セキュリティコード, 4 digits. */
  readonly securityCode: string;
  /** Serial number in the record of the 共通カードAP, 15 digits. */
  readonly serialNumber: string;
}

/** The 基本4情報 and the place of a holder who does not exist. */
export interface Holder {
  /** 氏名, parts separated by U+3000. */
  readonly name: string;
  /** 住所. */
  readonly address: string;
  /** 性別 (JIS X 0303): 1 male, 2 female, 9 not applicable. */
  readonly sex: '1' | '2' | '9';
  readonly birth: Birth;
  /** Prefecture and municipality in romaji, as the certificate's name and its CRL have them. */
  readonly prefecture: string;
  readonly municipality: string;
  /** 市区町村コード, 5 digits. */
  readonly municipalityCode: string;
  /** 個人番号, 12 digits, the last one never its right check digit: nobody can have this number. */
  readonly myNumber: string;
  /** Which of the drawn faces. */
  readonly portrait: PortraitName;
}

/** The drawn faces there are. */
export type PortraitName = 'woman' | 'boy' | 'traveller';

/** A birth date, or an age where the person must stay young for ever. */
export type Birth =
  | { readonly year: number; readonly month: number; readonly day: number }
  | { readonly age: number; readonly month: number; readonly day: number };

/** What a certificate is for: 署名用 (document signatures) or 利用者証明用 (login). */
export type CertificateKind = 'sign' | 'auth';

/** Which key of the CA: all generations share one name (card-protocol.md 7.1). */
export type Generation = 1 | 2 | 3;

/** How a certificate was issued, relative to today, so that it keeps its promise in every year. */
export interface Issuance {
  readonly generation: Generation;
  readonly issuedDaysAgo: number;
  /** What the certificate must be today. */
  readonly promise: 'valid' | 'expired';
  /** Days after its issue at which the certificate was revoked (失効); its CA's CRL tells. */
  readonly revokedAfterDays?: number;
}

/** When the card itself was issued, and when it ends. */
export interface CardLife {
  readonly issuedDaysAgo: number;
  /**
   * The card ends with the period of stay (在留期間): on the first such day that is a year or more after the issue.
   * Else on the tenth birthday after the issue, the fifth for somebody under age.
   */
  readonly stayEnds?: { readonly month: number; readonly day: number };
}

/** How the card differs from the plastic one. */
export interface CardProfile {
  /** Only the 公的個人認証AP, as on phones, or all five. */
  readonly applications: 'all' | 'jpki-only';
  readonly life: CardLife;
  /** Answer to reset, hex. */
  readonly atr: string;
  /** Label in EF 0006 (card-protocol.md 2.1). */
  readonly tokenLabel: string;
  /** Whether the application holds anything beyond EF 0006. */
  readonly files: 'all' | 'token-only';
  /** Whether EF 000A wants the 利用者証明用 PIN, as on phones. */
  readonly authCertificateNeedsPin: boolean;
}

/** Maximum tries of the two PINs (card-protocol.md 3.1). */
export const MAX_TRIES: Readonly<Record<CertificateKind, number>> = { sign: 5, auth: 3 };
