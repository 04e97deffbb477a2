import { isPlain, type MaskedBytes, parseTrace, Redactor, type Trace } from '@jpki/trace';
import { exchangedBytes } from './exchanged-bytes.ts';
import { hasMyNumber, holdsMyNumber } from './my-numbers.ts';
import { showsPin } from './pin-places.ts';
import { realAuthorityIn } from './real-authorities.ts';

const MY_NUMBER = 'twelve digits that somebody could have as My Number (個人番号)';

/**
 * Why a trace must not enter the repository; nothing when it may. It looks at decoded bytes, so also at what is split over
 * lines or over several answers. What it says names lines, never what stands in them.
 */
export function traceLeaks(text: string): string[] {
  let trace: Trace;
  try {
    trace = parseTrace(text);
  } catch (error) {
    return [error instanceof Error ? error.message : 'no trace'];
  }
  return [
    ...(hasMyNumber(words(trace)) ? [`the texts hold ${MY_NUMBER}`] : []),
    ...bytesLeaks(exchangedBytes(trace)),
    ...pinLeaks(trace),
    ...redactionLeaks(trace),
  ];
}

/**
 * Why another file must not stand beside traces: a text, such as a certificate in PEM or a list of keys in hex.
 */
export function textLeaks(text: string): string[] {
  const pem = /-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END/g;
  const hex = /(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}){16,}(?![0-9A-Za-z])/g;
  const blocks = [...text.matchAll(pem)];
  const bytes = [
    ...blocks.map(([, , base64 = '']) => Buffer.from(base64, 'base64')),
    ...[...text.matchAll(hex)].map(([digits]) => Buffer.from(digits, 'hex')),
    Buffer.from(text),
  ];
  // Hex and base64 are looked at as bytes: their characters may be any digits.
  const rest = text.replaceAll(pem, ' ').replaceAll(hex, ' ');
  return [
    ...(blocks.some(([, label]) => label?.includes('PRIVATE')) ? ['a private key'] : []),
    ...(hasMyNumber(rest) ? [`the text holds ${MY_NUMBER}`] : []),
    ...bytesLeaks(bytes.slice(0, -1)),
    ...authorityLeaks(bytes),
  ];
}

function bytesLeaks(strings: readonly Uint8Array[]): string[] {
  return [
    ...(strings.some(holdsMyNumber) ? [`the bytes hold ${MY_NUMBER}`] : []),
    ...authorityLeaks(strings),
  ];
}

function authorityLeaks(strings: readonly Uint8Array[]): string[] {
  return [...new Set(strings.flatMap((bytes) => realAuthorityIn(bytes) ?? []))];
}

/** All that is written for people. The ATR is bytes. */
function words({ header, entries }: Trace): string {
  const { atr: _atr, recorded: _recorded, more = [], ...fields } = header;
  const notes = entries.flatMap((entry) => ('text' in entry ? [entry.text] : []));
  return [...Object.values(fields), ...more.map(({ value }) => value), ...notes].join('\n');
}

function pinLeaks({ entries }: Trace): string[] {
  return entries.flatMap((entry) =>
    entry.type === 'command' && showsPin(entry.bytes)
      ? [`line ${entry.line ?? 0} shows bytes where a PIN or a key stood`]
      : [],
  );
}

/** What a recording of this holder's card would have masked. A trace that does not say whose it is, is a person's. */
function redactionLeaks({ header, entries }: Trace): string[] {
  const redactor = new Redactor({ holder: header.holder ?? 'person' });
  return entries.flatMap((entry) => {
    if (entry.type === 'event') redactor.reset();
    if (entry.type !== 'command' && entry.type !== 'response') return [];
    const masked = entry.type === 'command' ? redactor.command(entry.bytes) : redactor.response(entry.bytes);
    const shown = plainLength(entry.bytes) - plainLength(masked);
    return shown > 0 ? [`line ${entry.line ?? 0} shows ${shown} bytes that are personal or secret`] : [];
  });
}

function plainLength(bytes: MaskedBytes): number {
  return bytes.reduce((sum, piece) => sum + (isPlain(piece) ? piece.length : 0), 0);
}
