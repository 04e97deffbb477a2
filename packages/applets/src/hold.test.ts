import { Card } from '@jpki/iso7816';
import { describe, expect, test } from 'vitest';
import { ScriptedCard } from '../test/scripted-card.ts';
import { JpkiApplication } from './jpki/application.ts';

/** A card that answers every command with one status word. */
const answering = (statusWord: string) => {
  const card = new ScriptedCard({ '': statusWord });
  return { card, application: new JpkiApplication(new Card(card)) };
};

describe('a card of another kind', () => {
  test.each(['6A82', '6A81', '6A86', '6700', '6881', '6B00', '6D00', '6E00'])(
    'refuses SELECT with %s, and is told by that before anything else is sent',
    async (statusWord) => {
      const { application, card } = answering(statusWord);
      await expect(application.token()).rejects.toMatchObject({
        code: 'ERR_APPLICATION_NOT_FOUND',
        remedy: 'insert-card',
      });
      expect(card.commands).toHaveLength(1);
    },
  );

  test.each(['6985', '6999', '6F00'])('is not concluded from %s, which is a state', async (statusWord) => {
    const { application } = answering(statusWord);
    await expect(application.token()).rejects.toMatchObject({ code: 'ERR_CARD_STATUS_WORD' });
  });
});
