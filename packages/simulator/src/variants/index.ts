import type { StatusWord } from '@jpki/iso7816';
import { CONTENT_VARIANTS } from './contents.ts';
import { FACE_VARIANTS } from './face.ts';
import { KEY_VARIANTS } from './keys.ts';
import { PIN_VARIANTS } from './pins.ts';
import { SELECTION_VARIANTS } from './selection.ts';
import { TRANSPORT_VARIANTS } from './transport.ts';
import type { VariantDescription } from './variant.ts';

type Table = typeof SELECTION_VARIANTS &
  typeof TRANSPORT_VARIANTS &
  typeof PIN_VARIANTS &
  typeof CONTENT_VARIANTS &
  typeof FACE_VARIANTS &
  typeof KEY_VARIANTS;

/** Name of a doubted fact. */
export type VariantName = keyof Table;

/** Every doubted fact with the setting it has on a card. */
export type CardVariants = { readonly [Name in VariantName]: Table[Name]['settings'][number] };

const TABLE: Table = {
  ...SELECTION_VARIANTS,
  ...TRANSPORT_VARIANTS,
  ...PIN_VARIANTS,
  ...CONTENT_VARIANTS,
  ...FACE_VARIANTS,
  ...KEY_VARIANTS,
};

/** What is doubted of the card, and how it can be set, by name. */
export const CARD_VARIANTS: Readonly<Record<VariantName, VariantDescription>> = TABLE;

/** Names of the doubted facts, in the order of the table. */
export const variantNames: readonly VariantName[] = Object.keys(TABLE) as VariantName[];

/**
 * All settings that are not the default, one at a time: what a suite runs over, beside the card as it is by default,
 * to know that it works whichever is true.
 */
export function singleVariants(): { readonly title: string; readonly variants: Partial<CardVariants> }[] {
  return variantNames.flatMap((name) =>
    CARD_VARIANTS[name].settings
      .slice(1)
      .map((setting) => ({ title: `${name} ${setting}`, variants: { [name]: setting } })),
  );
}

/**
 * The settings of a card: the defaults, and `chosen` above them.
 *
 * @throws {RangeError} for a name or a setting that does not exist.
 */
export function cardVariants(chosen: Partial<CardVariants> = {}): CardVariants {
  const settings: Record<string, string> = {};
  for (const name of variantNames) settings[name] = CARD_VARIANTS[name].settings[0];
  for (const [name, setting] of Object.entries(chosen)) {
    if (setting === undefined) continue;
    if (!isVariantName(name) || !CARD_VARIANTS[name].settings.includes(setting))
      throw new RangeError(`a card cannot have the variant ${name}: ${setting}`);
    settings[name] = setting;
  }
  return settings as CardVariants;
}

function isVariantName(name: string): name is VariantName {
  return Object.hasOwn(TABLE, name);
}

/** The status word that a setting spells in hexadecimal digits. */
export function wordOf(setting: string): StatusWord {
  return Number.parseInt(setting, 16);
}
