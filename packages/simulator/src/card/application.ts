import type { KeyObject } from 'node:crypto';
import type { Persona } from '../persona.ts';
import type { SimulatorPki } from '../test-pki/simulator-pki.ts';
import type { CardVariants } from '../variants/index.ts';
import type { FileSystem } from './elementary-file.ts';

/**
 * The applications (AP) of the card: 公的個人認証, 券面事項入力補助, 券面事項確認, 共通カード and 住民基本台帳
 * (card-protocol.md 2).
 */
export type ApplicationName = 'jpki' | 'text' | 'visual' | 'common' | 'resident';

/** An application on the card. */
export interface Application {
  readonly name: ApplicationName;
  /** Full DF name. */
  readonly aid: Uint8Array;
  readonly files: FileSystem;
  /** Identifier of the key that `80 2A` uses with P2 = 00; absent where the application has none. */
  readonly defaultKey?: number;
  /** What SET SESSION KEY `80 AE` meets (card-protocol.md 4.5). */
  readonly sessionKey: SessionKeyDelivery | 'forbidden' | 'not-configured';
}

/** How the card takes the key of a secure messaging session. */
export interface SessionKeyDelivery {
  /** Identifier of the PIN that must be verified before. */
  readonly pin: number;
  privateKey(): Promise<KeyObject>;
}

/** What an application is made from. */
export interface CardMaking {
  readonly persona: Persona;
  readonly pki: SimulatorPki;
  readonly variants: CardVariants;
  /** What day it is for the card's dates. */
  readonly now: Date;
}
