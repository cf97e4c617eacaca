import { Ended, exitCodes } from '../remote/exit.js';

export interface Question {
  readonly message: string;
  /** What an empty answer means. */
  readonly usual: string;
  /** Why an answer is wrong, as the end of a sentence, or null. */
  readonly fault: (answer: string) => string | null;
}

/**
 * Asks somebody at a terminal. The library is loaded at the first question.
 * @throws Ended with exit code 1 if the person gives up.
 */
export async function ask({ message, usual, fault }: Question): Promise<string> {
  const { isCancel, text } = await import('@clack/prompts');
  const answer = await text({
    message,
    placeholder: usual,
    defaultValue: usual,
    output: process.stderr,
    validate: (typed = '') => {
      const wrong = typed.trim() === '' ? null : fault(typed.trim());
      return wrong === null ? undefined : `It ${wrong}.`;
    },
  });
  if (isCancel(answer)) throw new Ended(exitCodes.failed, 'Nothing was written.');
  return answer.trim();
}
