import { expect, test } from 'vitest';
import { HEADER, TRANSMIT } from './messages.ts';
import { Transmission, type TransmissionConnection } from './transmission.ts';

const DATA_OFFSET = HEADER.size + TRANSMIT.size;
const VERIFY = Uint8Array.of(0x00, 0x20, 0x00, 0x80, 0x04, 0x31, 0x32, 0x33, 0x34);
const OTHER = Uint8Array.of(0x00, 0xb0, 0x00, 0x00);

/** A connection that keeps the memory it was given, and answers when it is told to. */
class HeldConnection implements TransmissionConnection {
  hasUnsent = false;
  readonly requests: Uint8Array[] = [];
  readonly #answers: ((how: 'answer' | 'end') => void)[] = [];

  get idle(): boolean {
    return this.#answers.length === 0;
  }

  exchange<T>(_call: string, request: Uint8Array): Promise<T> {
    this.requests.push(request);
    return new Promise((resolve, reject) => {
      this.#answers.push((how) => {
        if (how === 'answer') resolve(Uint8Array.of(0x90, 0x00) as T);
        else reject(new Error('the connection ended'));
      });
    });
  }

  settle(how: 'answer' | 'end'): void {
    this.#answers.shift()?.(how);
  }

  data(index: number): number[] {
    return [...(this.requests[index]?.subarray(DATA_OFFSET) ?? [])];
  }
}

const zeros = (length: number) => new Array(length).fill(0);

test('a PIN is out of memory as soon as the socket has taken it', async () => {
  const connection = new HeldConnection();
  const answer = new Transmission(connection, 1, 2).send(VERIFY);
  expect(connection.data(0)).toEqual(zeros(VERIFY.length));
  connection.settle('answer');
  await answer;
});

test.each(['answer', 'end'] as const)(
  'a PIN that the socket still holds is out of memory after the %s',
  async (how) => {
    const connection = new HeldConnection();
    connection.hasUnsent = true;
    const answer = new Transmission(connection, 1, 2).send(VERIFY);
    expect(connection.data(0)).toEqual([...VERIFY]);
    connection.settle(how);
    await answer.catch(() => undefined);
    expect(connection.data(0)).toEqual(zeros(VERIFY.length));
  },
);

test('a command leaves the memory of one under way alone, and has its own length', async () => {
  const connection = new HeldConnection();
  connection.hasUnsent = true;
  const transmission = new Transmission(connection, 1, 2);
  const answers = [transmission.send(VERIFY), transmission.send(OTHER), transmission.send(VERIFY)];
  expect([0, 1, 2].map((index) => connection.data(index))).toEqual([[...VERIFY], [...OTHER], [...VERIFY]]);
  for (const _ of answers) connection.settle('answer');
  await Promise.all(answers);
});

test('commands of one length, one after the other, are sent from the same memory', async () => {
  const connection = new HeldConnection();
  const transmission = new Transmission(connection, 1, 2);
  for (let command = 0; command < 3; command++) {
    const answer = transmission.send(VERIFY);
    connection.settle('answer');
    await answer;
  }
  expect(new Set(connection.requests).size).toBe(1);
});
