import { createHash } from 'node:crypto';
import { JpkiApplication } from '@jpki/applets/jpki';
import { Card } from '@jpki/iso7816';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CardScene, cardScene } from '../src/card-scene.ts';
import { jpki, jpkiRequirement } from '../src/jpki-command.ts';
import { pcscdRequirement } from '../src/private-pcscd.ts';
import { requirements } from '../src/requirement.ts';

describe(
  'one of two cards, named by its identity',
  requirements(pcscdRequirement(), jpkiRequirement()),
  () => {
    let scene: CardScene;
    let identities: readonly string[];

    beforeAll(async () => {
      scene = await cardScene(2, ['child', 'adult']);
      identities = await Promise.all(
        scene.cards.map(async ({ readerName }) => {
          await using channel = await scene.pcsc.connect(readerName);
          const certificate = await new JpkiApplication(new Card(channel)).auth.certificate();
          return createHash('sha256').update(certificate).digest('hex');
        }),
      );
    });
    afterAll(() => scene?.[Symbol.asyncDispose]());
    beforeEach(async () => {
      for (const card of scene.cards) card.forget();
      await scene.insert();
    });

    const status = async (identity: string, env: Readonly<Record<string, string>> = {}) => {
      const args = ['--card', `pcsc:sha256=${identity}`, 'status', '--json', '--no-input'];
      const { stdout, stderr, exitCode } = await jpki(args, { env: { ...scene.pcscd.environment, ...env } });
      return { exitCode, stderr, ...(JSON.parse(stdout || '{}') as { readonly cardId?: string }) };
    };

    test('is found whichever reader it is in', async () => {
      expect(identities[0]).not.toBe(identities[1]);
      for (const identity of identities)
        expect(await status(identity)).toMatchObject({ exitCode: 0, cardId: identity });
    });

    test('is found although the other one falls silent, and nobody waits for that', async () => {
      let end = () => {};
      const silence = new Promise<'answer'>((resolve) => {
        end = () => resolve('answer');
      });
      scene.card(0).fates = (index) => (index === 1 ? silence : 'answer');
      try {
        // Through the socket: Node waits for the thread of an addon that is stuck in the service.
        const found = await status(identities[1] ?? '', { NODE_OPTIONS: '--no-addons' });
        expect(found).toMatchObject({ exitCode: 0, cardId: identities[1] });
        expect(scene.card(0).commands).toHaveLength(2);
      } finally {
        end();
      }
    });

    test.each([0, 1, 3])('is found although the other one is taken out at its command %i', async (at) => {
      scene.card(0).fates = (index) => (index === at ? 'removed before' : 'answer');
      expect(await status(identities[1] ?? '')).toMatchObject({ exitCode: 0, cardId: identities[1] });
      expect(scene.card(0).commands).toHaveLength(at + 1);
      await scene.until(scene.card(0).readerName, false);
    });
  },
);
