import { createHash } from 'node:crypto';

/** What the known random numbers are made of. */
const SEED = 'the keys of the traces, which everybody may know';

/** SHA-256, bytes. */
const BLOCK = 32;

/**
 * Runs `work` with a system whose random numbers are the same in every run: those of one length are all alike. What a
 * program encrypts with a fresh key can be played only to a program that draws the same key.
 *
 * There is nothing in the program that would let anybody choose its keys, and so this replaces the random numbers of the
 * whole process, for a program that is alone in it. node:crypto's own, of the virtual card and of RSA padding, stay fresh.
 */
export async function withKnownKeys<T>(work: () => Promise<T>): Promise<T> {
  const { crypto } = globalThis;
  const own = Object.getOwnPropertyDescriptor(crypto, 'getRandomValues');
  Object.defineProperty(crypto, 'getRandomValues', { value: fill, configurable: true });
  try {
    return await work();
  } finally {
    if (own === undefined) Reflect.deleteProperty(crypto, 'getRandomValues');
    else Object.defineProperty(crypto, 'getRandomValues', own);
  }
}

function fill(array: Uint8Array): Uint8Array {
  for (let at = 0; at < array.length; at += BLOCK) {
    const block = createHash('sha256').update(`${SEED} ${array.length} ${at}`).digest();
    array.set(block.subarray(0, array.length - at), at);
  }
  return array;
}
