import { expect, test } from 'vitest';
import type { Persona, PinName } from '../persona.ts';
import { personas } from './index.ts';

const PINS: Readonly<Record<PinName, string>> = {
  sign: '署名用パスワード',
  auth: '利用者証明用',
  text: '券面事項入力補助用',
  resident: '住民基本台帳用',
};

/** The PINs that are set. */
function pinsOf({ pins, triesLeft }: Persona): string {
  const names = (Object.keys(PINS) as PinName[]).filter((name) => pins[name] !== undefined);
  if (names.length === 0) return 'none';
  const blocked = (name: PinName) => (triesLeft?.[name] === 0 ? ' (blocked)' : '');
  return names.map((name) => `${PINS[name]} \`${pins[name]}\`${blocked(name)}`).join(', ');
}

function codesOf({ card, holder, numbers }: Persona): string {
  if (card.applications !== 'all') return 'none: no such application';
  return `照合番号A \`${holder.myNumber}\`; 照合番号B ends with the security code \`${numbers.securityCode}\``;
}

function certificatesOf({ certificates }: Persona): string {
  const kinds = Object.entries(certificates).map(([kind, issuance]) => {
    const revoked = issuance.revokedAfterDays === undefined ? '' : ', revoked';
    return `${kind} (CA generation ${issuance.generation}, ${issuance.promise}${revoked})`;
  });
  return kinds.length === 0 ? 'none' : kinds.join(', ');
}

function section(persona: Persona): string[] {
  return [
    `## ${persona.name}`,
    '',
    `${persona.description.ja}: ${persona.description.en}.`,
    '',
    `- Holder: ${persona.holder.name}`,
    `- Portrait: ${persona.card.applications === 'all' ? persona.holder.portrait : 'none'}`,
    `- PINs: ${pinsOf(persona)}`,
    `- Codes: ${codesOf(persona)}`,
    `- Certificates: ${certificatesOf(persona)}`,
    '- Documented:',
    ...persona.documented.map((fact) => `  - ${fact}`),
    '- Assumed:',
    ...persona.assumed.map((fact) => `  - ${fact}`),
    '',
  ];
}

test('PERSONAS.md says of every persona what is documented and what assumed', async () => {
  const page = [
    '# Personas',
    '',
    'Made by `personas-page.test.ts` of what `src/personas` says; run it with `-u` after a change. Nobody of these exists: the',
    '個人番号 have an impossible check digit, the places no prefecture, the faces are drawn. What holds for every plastic',
    'card stands at `adult`. Dates follow today; `accessCodes(persona)` gives the codes of the day.',
    '',
    ...personas.flatMap(section),
  ];
  await expect(page.join('\n')).toMatchFileSnapshot('../../PERSONAS.md');
});
