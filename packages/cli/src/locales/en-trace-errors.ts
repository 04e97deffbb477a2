import type { ErrorText } from './texts.ts';

/** English: errors of traces. */
export const enTraceErrors: Readonly<Record<string, ErrorText>> = {
  ERR_TRACE_FORMAT: {
    message: ({ subject, reason, detail }) => `${subject || 'this'} is not a trace: ${reason || detail}`,
    advice:
      'A trace is what --trace writes; `jpki trace show` and `trace import` also read the logs of OpenSC, pcscd, apdu4j and pcsc-spy.',
  },
  ERR_TRACE_IMPORT: {
    message: ({ subject, reason, detail }) => `${subject || 'the log'} cannot be read: ${reason || detail}`,
    advice: 'Traces of --trace and logs of OpenSC, pcscd --apdu, apdu4j and pcsc-spy can be read.',
  },
  ERR_TRACE_MISMATCH: {
    message: ({ subject, reason, detail }) =>
      `the command did something else than the recorded one: ${subject && `${subject}, `}${reason || detail}`,
    advice: 'Repeat the recorded command: same options, same document, a PIN of the same length.',
  },
  ERR_TRACE_ENDED: {
    message: ({ subject, reason, detail }) =>
      `the trace is shorter than what the command does: ${subject && `${subject}, `}${reason || detail}`,
    advice: 'Repeat the recorded command (its name is the title of the trace), or record again.',
  },
  ERR_TRACE_LEFT_OVER: {
    message: ({ subject, reason, detail }) =>
      `the command did less than the recorded one: ${subject && `${subject}, `}${reason || detail}`,
    advice: 'Repeat the recorded command (its name is the title of the trace).',
  },
  ERR_TRACE_REDACTED: {
    message: ({ subject, reason, detail }) =>
      `the trace cannot give this answer: ${subject && `${subject}, `}${reason || detail}`,
    advice: 'Record with --synthesize: then the data of a virtual card stand there, and the trace replays.',
  },
  ERR_TRACE_CLOSED: { message: 'the replayed card was closed already' },
  ERR_LOG_NO_RESPONSE: { message: 'the log that the trace was made of holds no answer to this command' },
  ERR_TRACE_LINK_FAILED: { message: 'the connection to the card failed when the trace was recorded' },
};
