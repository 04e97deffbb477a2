import type { Application, CardMaking } from './application.ts';
import { jpkiApplication } from './jpki-files.ts';
import { commonApplication, residentApplication } from './record-files.ts';
import { textApplication } from './text-files.ts';
import { visualApplication } from './visual-files.ts';

/**
 * The applications of a persona's card, in the order in which a partial name finds them. Phones and the old 住基カード
 * have the 公的個人認証AP alone.
 */
export function cardApplications(making: CardMaking): readonly Application[] {
  if (making.persona.card.applications === 'jpki-only') return [jpkiApplication(making)];
  return [
    jpkiApplication(making),
    textApplication(making),
    visualApplication(making),
    commonApplication(making),
    residentApplication(making),
  ];
}
