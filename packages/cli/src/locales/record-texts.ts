import type { ProofFindingCode } from '@jpki/applets';
import type { Language } from '../language.ts';
import type { FindingText } from './texts.ts';

/** Words about what the card says of its holder, and whether it is genuine. */
export interface RecordTexts {
  readonly labels: Readonly<
    Record<'name' | 'address' | 'birthDate' | 'sex' | 'expiry' | 'myNumber' | 'securityCode', string>
  >;
  readonly sexes: Readonly<Record<'male' | 'female' | 'not-applicable' | 'unknown', string>>;
  readonly verified: string;
  readonly unverified: string;
  readonly findings: Readonly<Record<ProofFindingCode, FindingText>>;
  /** Said of every trust that proves nothing about a real person. */
  readonly hierarchies: Readonly<Partial<Record<string, string>>>;
  /** The law about the 個人番号 of others, said whenever it is shown. */
  readonly myNumberLaw: string;
  readonly written: (path: string) => string;
  readonly page: CardPageTexts;
}

/** Words around the card on the page of `jpki card-face`; the card itself speaks Japanese. */
export interface CardPageTexts {
  readonly language: Language;
  readonly title: string;
  readonly verified: string;
  readonly verifiedMeaning: string;
  readonly unverified: string;
  readonly unverifiedMeaning: string;
  readonly notice: string;
}
