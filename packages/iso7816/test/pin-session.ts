import { Card } from '../src/card.ts';
import type { CardSession } from '../src/card-session.ts';
import { Pin } from '../src/pin.ts';
import type { FakeChannel } from './fake-channel.ts';

/** 利用者証明用暗証番号 of the JPKI application; any EF would do. */
export const PIN_EF = 0x0018;

/** SELECT of {@link PIN_EF}. */
export const SELECT_PIN_EF = '00A4020C020018';

/** VERIFY of `4821`. */
export const VERIFY = '002000800434383231';

/** A PIN of these characters. */
export const pinOf = (text: string): Pin => Pin.fromBytes(new TextEncoder().encode(text));

/** Runs `work` in a session of a card on this channel. */
export const run = <T>(
  channel: FakeChannel,
  work: (session: CardSession) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => new Card(channel).exclusive(work, { signal });

/** Selects the EF of the PIN, then verifies `pin`. */
export function verify(channel: FakeChannel, pin: Pin, signal?: AbortSignal): Promise<void> {
  return run(
    channel,
    async (session) => {
      await session.selectEf(PIN_EF);
      await session.verify(PIN_EF, pin);
    },
    signal,
  );
}

/** How many VERIFY with data were sent, in whatever class. */
export const verifiesSent = (channel: FakeChannel): number =>
  channel.sent.filter((hex) => /^..20....../.test(hex)).length;
