import { Card, Pin } from '@jpki/iso7816';
import { AUTH_KEY } from '../src/jpki/key-layout.ts';
import { verifyPin } from '../src/pin-gate.ts';
import type { PinConsent } from '../src/pin-source.ts';
import { type Answer, ScriptedCard, verifies } from './scripted-card.ts';

/** SELECT of the 利用者証明用 PIN, the query of its counter, and the start of a VERIFY with four digits. */
export const SELECT_PIN = '00A4020C020018';
export const QUERY = '00200080$';
export const VERIFY = '0020008004';

/** Runs the gate on the 利用者証明用 PIN of a scripted card. */
export async function spend(answers: Readonly<Record<string, Answer>>, consent: PinConsent = {}) {
  const channel = new ScriptedCard({ '00A4040C': '9000', [SELECT_PIN]: '9000', ...answers });
  const outcome = await new Card(channel)
    .exclusive((session) => verifyPin(session, AUTH_KEY, Pin.fromBytes(Buffer.from('1234')), consent))
    .then(() => 'verified' as const)
    .catch((error: unknown) => error);
  return { outcome, verifies: verifies(channel.commands), commands: channel.commands };
}
