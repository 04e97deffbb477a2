import type { Argv, CommandModule } from 'yargs';
import { AtomicFile } from '../atomic-file.ts';
import { CliError } from '../errors.ts';
import { loadRecordTexts } from '../locales/messages.ts';
import { type CommonOptions, commonArguments } from '../options.ts';
import { loadJpeg2000Decoder } from '../picture/jpeg2000.ts';
import { encodePng } from '../picture/png.ts';
import { type PictureProtocol, terminalPicture } from '../picture/terminal-picture.ts';
import { pictureProtocol } from '../picture/terminal-question.ts';
import type { Program } from '../program.ts';
import { type FaceOptions, faceOptions, prepareFace, readFace } from '../records/face-reading.ts';
import { exitOfProof, proofDocument, proofLines } from '../records/proof-report.ts';

interface PhotoOptions extends FaceOptions {
  readonly output: string | undefined;
  readonly force: boolean;
}

/** `jpki face`: the photo, in the terminal or in a file. */
export function faceCommand(program: Program): CommandModule<object, PhotoOptions> {
  const { help } = program.messages;
  return {
    command: 'face',
    describe: help.commands.face,
    builder: (yargs: Argv): Argv<PhotoOptions> =>
      faceOptions(yargs, help)
        .option('output', {
          alias: 'o',
          type: 'string',
          requiresArg: true,
          describe: help.options.photoOutput,
        })
        .option('force', { type: 'boolean', default: false, describe: help.options.force }),
    handler: (args) => showPhoto(program, args, commonArguments(args)),
  };
}

async function showPhoto(program: Program, options: PhotoOptions, common: CommonOptions): Promise<void> {
  const { output, messages } = program;
  // All that can fail without the card fails before the PIN is asked.
  const decode = await loadJpeg2000Decoder();
  const request = await prepareFace(program, options, common);
  const protocol = await protocolFor(program, options, request.signal);
  const file =
    options.output === undefined
      ? undefined
      : await AtomicFile.create(options.output, { replace: options.force });
  try {
    const { photo, proof } = await readFace(request);
    const image = decode(photo);
    const png = encodePng(image);
    await file?.write(png);
    await file?.commit();
    const texts = await loadRecordTexts(messages.language);
    program.exitCode = exitOfProof(proof);
    if (output.json) {
      const { width, height } = image;
      const inline = file === undefined ? { png: Buffer.from(png).toString('base64') } : {};
      const document = { output: file?.path ?? null, width, height, ...proofDocument(proof, texts) };
      output.document({ ...document, ...inline });
      return;
    }
    // A terminal that does not know its size says 0.
    const room = { columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 };
    if (protocol !== undefined) output.bytes(Buffer.from(terminalPicture(image, protocol, room)));
    else if (file === undefined) output.bytes(png);
    else output.say(texts.written(file.path));
    for (const line of proofLines(proof, texts)) output.say(line);
  } finally {
    request[Symbol.dispose]();
    await file?.[Symbol.asyncDispose]();
  }
}

/** How to show the photo in this terminal; `undefined` when it goes elsewhere. */
async function protocolFor(
  { output }: Program,
  { output: path }: PhotoOptions,
  signal: AbortSignal,
): Promise<PictureProtocol | undefined> {
  if (path !== undefined || output.json || !process.stdout.isTTY) return undefined;
  const protocol = await pictureProtocol(signal);
  if (protocol === undefined) throw new CliError('ERR_TERMINAL_PICTURE', 'correct-command');
  return protocol;
}
