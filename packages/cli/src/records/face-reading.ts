import {
  type CvTrust,
  type Face,
  type PinOptions,
  type Proven,
  TextApplication,
  VisualApplication,
} from '@jpki/applets';
import type { Argv } from 'yargs';
import type { OpenedCard } from '../card/open-card.ts';
import { useCard } from '../card/use-card.ts';
import { UsageError } from '../errors.ts';
import type { HelpTexts } from '../locales/texts.ts';
import type { CommonOptions } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';
import { cvTrustFrom } from '../verifying/trust-option.ts';
import { prepareSecret, type RecordOptions, type RecordSecret, recordOptions } from './record-options.ts';

/** Options of the commands that read the printed face. */
export interface FaceOptions extends RecordOptions {
  readonly 'secure-messaging': boolean;
}

/** Adds these options. */
export function faceOptions<T>(yargs: Argv<T>, help: HelpTexts): Argv<T & FaceOptions> {
  return recordOptions(yargs, help).option('secure-messaging', {
    type: 'boolean',
    default: false,
    describe: help.options['secure-messaging'],
  });
}

/** What is needed to read a face: made before the card is touched. */
export interface FaceRequest extends Disposable {
  readonly program: Program;
  readonly signal: AbortSignal;
  readonly trust: CvTrust;
  readonly secret: RecordSecret;
  readonly common: CommonOptions;
  readonly isProtected: boolean;
}

/** @throws what {@link prepareSecret} and {@link cvTrustFrom} throw. */
export async function prepareFace(
  program: Program,
  options: FaceOptions,
  common: CommonOptions,
): Promise<FaceRequest> {
  const isProtected = options['secure-messaging'];
  // Encryption is for the number that the PIN opens; the application of the face has none.
  if (isProtected && options.code !== undefined) {
    throw new UsageError(`--code ${options.code}, --secure-messaging`);
  }
  const signal = commandSignal(program, common);
  const trust = await cvTrustFrom(options.trust);
  const secret = await prepareSecret(options, ['number-a', 'number-b'], { common, program });
  const dispose = () => secret.source[Symbol.dispose]();
  return { program, signal, trust, secret, common, isProtected, [Symbol.dispose]: dispose };
}

/**
 * Reads the printed face. With the PIN the 個人番号 is read first and presented as 照合番号A; it goes nowhere else.
 *
 * @throws {CardForgedError} when it is not genuine; the errors of the secret.
 */
export function readFace(request: FaceRequest): Promise<Proven<Face>> {
  const { program, common, signal, secret } = request;
  return useCard(program, common, signal, async (opened) => {
    const face = new VisualApplication(opened.card);
    const { trust } = request;
    if (secret.reference !== 'text') {
      return secret.source.spend(opened, signal, ({ pin, ...options }) => {
        const opener = secret.reference === 'number-a' ? { numberA: pin } : { numberB: pin };
        return face.face({ ...options, secret: opener, trust });
      });
    }
    const number = await readNumber(opened, request);
    const expected = common.allowLastTry;
    const allowLastTry = expected === undefined ? undefined : { expected };
    return face.face({ secret: { numberA: number.toPin() }, trust, signal, allowLastTry });
  });
}

/** The number opens the face, and the face is proven: it needs no proof of its own. */
async function readNumber(opened: OpenedCard, { signal, secret, isProtected }: FaceRequest) {
  const application = new TextApplication(opened.card);
  const { myNumber } = await secret.source.spend(opened, signal, ({ pin, ...options }: PinOptions) =>
    application.myNumber({ ...options, secret: { pin }, trust: 'unproven', secureMessaging: isProtected }),
  );
  return myNumber;
}
