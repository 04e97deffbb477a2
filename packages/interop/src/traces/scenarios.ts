import { ANSWER_FAULTS } from './fault-answers.ts';
import { CARD_FAULTS } from './fault-cards.ts';
import { LINK_FAULTS } from './fault-links.ts';
import { PIN_FAULTS } from './fault-pins.ts';
import { USE_FAULTS } from './fault-uses.ts';
import { CARD_SCENARIOS } from './golden-cards.ts';
import { JPKI_SCENARIOS } from './golden-jpki.ts';
import { RECORD_SCENARIOS } from './golden-records.ts';
import type { Scenario } from './scenario.ts';

/** What is recorded into which folder of `apdu-traces`. */
export const SCENARIOS: Readonly<Record<'golden' | 'faults', readonly Scenario[]>> = {
  golden: [...JPKI_SCENARIOS, ...RECORD_SCENARIOS, ...CARD_SCENARIOS],
  faults: [...PIN_FAULTS, ...USE_FAULTS, ...LINK_FAULTS, ...CARD_FAULTS, ...ANSWER_FAULTS],
};
