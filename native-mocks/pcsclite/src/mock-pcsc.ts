import { AddonContext } from './addon-context.ts';
import { AddonReader } from './addon-reader.ts';
import { AddonWorld } from './addon-world.ts';
import type { RecordedOutcome } from './call-log.ts';
import type { MockClock } from './clock.ts';
import type { Fault } from './fault-plan.ts';
import { type FailureClass, FullBinding } from './full-binding.ts';
import { OtherProgram } from './other-program.ts';
import { type PlatformName, type PlatformProfile, platformProfiles } from './platform-profile.ts';
import { ResourceManager } from './resource-manager.ts';
import type { ScardCall } from './scard.ts';
import { type InsertOptions, type MockCard, type ReaderOptions, Slot } from './slot.ts';
import type { AddonTrap } from './traps.ts';

export interface MockPcscOptions {
  /** Whose peculiarities it has; `linux` without it. */
  readonly profile?: PlatformName | PlatformProfile;
  /** Where its time comes from; the computer's clock without it. */
  readonly clock?: MockClock;
}

/** A reader of the mock, in the hands of a test. */
export interface MockReader {
  readonly name: string;
  /** Puts a card in. @throws {Error} where one is in already or the reader is unplugged. */
  insert(card: MockCard, options?: InsertOptions): void;
  /** Takes the card out, also in the middle of a command. */
  remove(): void;
  /** Pulls the reader off, card and all. */
  unplug(): void;
}

/**
 * A PC/SC service with readers and cards out of thin air, and the API of the npm addon `pcsclite` on top of it. Every
 * mock is a world of its own.
 */
export class MockPcsc {
  /** What `require('pcsclite')` would give. */
  readonly addon: () => AddonContext;
  readonly #manager: ResourceManager;
  readonly #world: AddonWorld;

  constructor(options: MockPcscOptions = {}) {
    const { profile = 'linux', clock } = options;
    this.#manager = new ResourceManager(
      typeof profile === 'string' ? platformProfiles[profile] : profile,
      clock,
    );
    const world = new AddonWorld(this.#manager);
    this.#world = world;
    const Reader = class CardReader extends AddonReader {
      constructor(name: string) {
        super(world, name);
      }
    };
    this.addon = () => new AddonContext(world, Reader);
  }

  get profile(): PlatformProfile {
    return this.#manager.profile;
  }

  /** Every call that reached the service, oldest first, without secrets. */
  get calls(): readonly RecordedOutcome[] {
    return this.#manager.calls.log.calls;
  }

  /** The traps of the addon that the program under test stepped into; empty is good. */
  get traps(): readonly AddonTrap[] {
    return this.#world.traps.traps;
  }

  clearCalls(): void {
    this.#manager.calls.log.clear();
  }

  /** Plugs a reader in. @throws {Error} where one of this name is there already. */
  addReader(name: string, options: ReaderOptions = {}): MockReader {
    const manager = this.#manager;
    const slot = new Slot(name, options);
    manager.add(slot);
    return {
      name,
      insert: (card, how = {}) => {
        if (!slot.plugged) throw new Error(`the reader "${name}" is unplugged`);
        if (slot.stay) throw new Error(`there is a card in "${name}" already`);
        slot.insert(card, how);
        manager.wake();
      },
      remove: () => {
        if (!slot.stay) return;
        slot.remove();
        manager.wake();
      },
      unplug: () => manager.unplug(slot),
    };
  }

  /** Lets a call fail, or come late; the returned function takes that back. */
  fail(call: ScardCall, fault: Fault): () => void {
    return this.#manager.calls.faults.add(call, fault);
  }

  /** Ends the service. Every connection and every context is lost. */
  stopService(): void {
    this.#manager.stop();
  }

  startService(): void {
    this.#manager.start();
  }

  /** Another process. @throws {ScardCallError} when the service is not there. */
  otherProgram(): OtherProgram {
    return new OtherProgram(this.#manager);
  }

  /**
   * A binding of `@jpki/pcsc` that can do what the addon cannot: transactions, reconnect, attributes.
   *
   * @param Failure the class `ScardFailure` of `@jpki/pcsc`, which this package does not import.
   */
  fullBinding(Failure: FailureClass): FullBinding {
    return new FullBinding(this.#manager, Failure);
  }
}
