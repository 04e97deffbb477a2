import { MockPcsc, type MockReader } from '@jpki/mock-pcsclite';
import type { PcscBinding } from '@jpki/pcsc';
import { ContractAnswers, type ContractCard } from './contract-card.ts';
import { builtPackage, runModule } from './real-world.ts';
import type { ContractWorld } from './subject.ts';

/** The longest answer there is: 65,536 bytes of data and the status word (ISO/IEC 7816-4:2020, 5.2). */
const LONGEST = 65_538;

const NAMES = ['Mock Reader A 00 00', 'Mock Reader B 00 00'] as const;

/** The card of the contract in a reader of the mock. */
class MockContractCard implements ContractCard {
  readonly atr: Uint8Array = Uint8Array.of(0x3b, 0x83, 0x81, 0x01, 0x4a, 0x50, 0x4b, 0x52);
  readonly commands: Uint8Array[] = [];
  readonly #power: string[] = [];
  readonly #answers: ContractAnswers = new ContractAnswers(() => this.#power);
  readonly #reader: MockReader;
  #inserted = false;

  constructor(reader: MockReader) {
    this.#reader = reader;
  }

  get inserted(): boolean {
    return this.#inserted;
  }

  async insert(): Promise<void> {
    if (this.#inserted) return;
    this.#inserted = true;
    this.#reader.insert(this);
  }

  remove(): void {
    this.#inserted = false;
    this.#reader.remove();
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    this.commands.push(command);
    const answer = await this.#answers.answer(command);
    if (answer !== 'remove') return answer;
    this.remove();
    return new Uint8Array();
  }

  powerOn(): void {
    this.#power.push('on');
  }

  powerOff(): void {
    this.#power.push('off');
  }

  reset(): void {
    this.#power.push('reset');
  }
}

/**
 * A binding on the mock.
 *
 * @param expression the binding in a program of its own, where `mock` and everything of `@jpki/pcsc` is at hand.
 */
export function mockWorld(bindingOn: (mock: MockPcsc) => PcscBinding, expression: string): ContractWorld {
  const mock = new MockPcsc();
  const [reader] = NAMES.map((name) => mock.addReader(name));
  if (!reader) throw new Error('the mock has two readers');
  return {
    binding: bindingOn(mock),
    readers: NAMES,
    card: new MockContractCard(reader),
    longest: LONGEST,
    atrAttribute: true,
    stopService: async () => mock.stopService(),
    startService: async () => mock.startService(),
    runProgram: (body, { readers } = {}) =>
      runModule(
        `import { MockPcsc } from ${JSON.stringify(builtPackage('native-mocks/pcsclite'))};
         import { pcscliteBinding, ScardFailure } from ${JSON.stringify(builtPackage('packages/pcsc'))};
         const mock = new MockPcsc();
         const reader = ${JSON.stringify(NAMES[0])};
         const card = { atr: Uint8Array.of(0x3b, 0), transmit: async () => Uint8Array.of(0x90, 0) };
         ${readers === 'none' ? '' : 'mock.addReader(reader).insert(card);'}
         const binding = ${expression};
         { ${body} }`,
      ),
    async [Symbol.asyncDispose]() {},
  };
}
