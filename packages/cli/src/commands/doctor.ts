import type { CommandModule } from 'yargs';
import { examine } from '../doctor/examination.ts';
import type { DoctorFinding } from '../doctor/finding.ts';
import { findingDocument, findingLines } from '../doctor/finding-report.ts';
import { realSurroundings } from '../doctor/surroundings.ts';
import { reportError } from '../error-report.ts';
import { Exit } from '../exit-codes.ts';
import { loadDoctorTexts } from '../locales/messages.ts';
import type { Messages } from '../locales/texts.ts';
import { commonArguments, IDLE, leaveOut } from '../options.ts';
import { commandSignal, type Program } from '../program.ts';

/** `jpki doctor`: why it does not work, and what to do. */
export function doctorCommand(program: Program): CommandModule {
  return {
    command: 'doctor',
    describe: program.messages.help.commands.doctor,
    builder: (yargs) => leaveOut(yargs, IDLE.unrecorded),
    handler: (args) => doctor(program, commonArguments(args)),
  };
}

async function doctor(program: Program, common: ReturnType<typeof commonArguments>): Promise<void> {
  const { output, messages } = program;
  const texts = await loadDoctorTexts(messages.language);
  const found = await examine(common.card, realSurroundings(), commandSignal(program, common));
  const findings = await Promise.all(found.map((finding) => inWords(finding, messages)));
  const words = { ...texts, card: messages.card };
  if (output.json) output.document({ findings: findings.map((each) => findingDocument(each, words)) });
  else for (const line of findings.flatMap((each) => findingLines(each, words))) output.line(line);
  const count = (severity: string) => findings.filter((each) => each.severity === severity).length;
  if (!output.json) output.say(texts.summary(count('problem'), count('warning')));
  if (count('problem') > 0) program.exitCode = Exit.CARD_FAILED;
}

/** An error that was met, in the language of the person. */
async function inWords(finding: DoctorFinding, messages: Messages): Promise<DoctorFinding> {
  if (finding.cause === undefined) return finding;
  const { message: detail } = await reportError(finding.cause, messages);
  return { ...finding, facts: { ...finding.facts, detail } };
}
