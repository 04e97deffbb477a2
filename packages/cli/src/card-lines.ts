import type { PinReference } from '@jpki/applets';
import type { PinCounters } from './card-facts.ts';
import type { CardTexts } from './locales/texts.ts';

const ORDER: readonly PinReference[] = ['sign', 'auth', 'text', 'resident'];

/** The counters of the PINs for a person, a line each. */
export function pinLines(pins: PinCounters, texts: CardTexts): string[] {
  return ORDER.map((reference) => {
    const { triesLeft, max } = pins[reference];
    const counter = triesLeft === null ? texts.noPin : texts.triesOf(triesLeft, max);
    return `${texts.pins[reference]}: ${triesLeft === 0 ? texts.blocked : counter}`;
  });
}
