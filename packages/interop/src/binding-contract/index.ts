import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import type { Requirement } from '../requirement.ts';
import { describeCapabilities } from './capabilities.ts';
import { describeConnecting } from './connecting.ts';
import { describeEndingProcess } from './ending-process.ts';
import { describeLosingService } from './losing-service.ts';
import { describeObserving } from './observing.ts';
import { type ContractScene, type ContractWorld, Watched } from './subject.ts';
import { describeTransmitting } from './transmitting.ts';

export { mockWorld } from './mock-world.ts';
export { type RealServices, realWorld, startRealServices } from './real-world.ts';
export type { ContractWorld } from './subject.ts';

/**
 * The contract of `PcscBinding`, as tests: what every binding owes to the layer above, whatever is beneath it. The mock
 * stands before the same tests as the real ones, so that it cannot drift from the truth.
 *
 * @param open makes the world of the suite, once.
 */
export function describeBindingContract(
  name: string,
  needs: Requirement,
  open: () => Promise<ContractWorld>,
): void {
  describe(`the binding ${name}`, needs, () => {
    let world: ContractWorld;
    let watched: Watched;

    beforeAll(async () => {
      world = await open();
    });
    afterAll(async () => {
      await world?.[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      watched = new Watched(world.binding);
      await watched.started();
      if (!world.card.inserted) await world.card.insert();
      await watched.untilCard(world.readers[0], true);
    });
    afterEach(async () => {
      await watched.close();
    });

    const scene = (): ContractScene => {
      const { binding, card, readers } = world;
      const [first, second] = readers;
      return { world, binding, card, first, second, watched };
    };

    describeObserving(scene);
    describeConnecting(scene);
    describeTransmitting(scene);
    describeCapabilities(scene);
    describeLosingService(scene);
    describeEndingProcess(scene);
  });
}
