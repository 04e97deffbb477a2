import { type CardChannel, fromHex, toHex } from '@jpki/iso7816';
import { describe, expect, it } from 'vitest';
import { exchangeRaw } from './raw-exchange.ts';

/** A card that notes what it gets and answers the same always. */
function card(answer: string | Error) {
  const commands: string[] = [];
  const channel: CardChannel = {
    atr: new Uint8Array(),
    transmit: async (command) => {
      commands.push(toHex(command));
      if (answer instanceof Error) throw answer;
      return fromHex(answer);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { channel, commands };
}

const VERIFY = '002000800431323334';

describe('a raw exchange', () => {
  it.each(['6110', '6C10', '6F00'])('sends once and passes %s on, whatever it asks for', async (sw) => {
    const { channel, commands } = card(sw);
    const exchange = await exchangeRaw(channel, fromHex('00B0000000'), { allowPinCommands: false });
    expect(exchange).toMatchObject({ command: '00B0000000', sw: Number.parseInt(sw, 16) });
    expect(commands).toEqual(['00B0000000']);
  });

  it('refuses a PIN command without sending or telling it', async () => {
    const { channel, commands } = card('9000');
    const refused = exchangeRaw(channel, fromHex(VERIFY), { allowPinCommands: false });
    const error = await refused.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_APDU_PIN_COMMAND', facts: { subject: '00200080[hidden]' } });
    expect(String(error)).not.toContain('31323334');
    expect(commands).toEqual([]);
  });

  it('sends one that was asked for, once, and hides and overwrites it', async () => {
    const { channel, commands } = card('63C2');
    const command = fromHex(VERIFY);
    const exchange = await exchangeRaw(channel, command, { allowPinCommands: true });
    expect(exchange).toMatchObject({ command: '00200080[hidden]', sw: 0x63c2 });
    expect(commands).toEqual([VERIFY]);
    expect(command.every((byte) => byte === 0)).toBe(true);
  });

  it('overwrites it when the link fails too', async () => {
    const command = fromHex(VERIFY);
    const failure = new Error('the cable');
    await expect(exchangeRaw(card(failure).channel, command, { allowPinCommands: true })).rejects.toBe(
      failure,
    );
    expect(command.every((byte) => byte === 0)).toBe(true);
  });
});
