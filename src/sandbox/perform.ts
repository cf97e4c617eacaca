import { asSlipwayError, SlipwayError, isErrorCode } from '../errors.js';
import type { Question, Reply, Tasks } from './contract.js';

/** Runs the function that a question names. An error is sent as its code and message. */
export function perform(tasks: Tasks, { name, input }: Question): Reply {
  try {
    const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
    if (!task) throw new SlipwayError('internal', `There is no task ${name}.`);
    return { output: task(input as never) };
  } catch (thrown) {
    const { code, message, extra } = asSlipwayError(thrown);
    return { error: { code, message, extra } };
  }
}

/** The output of a reply, or its error thrown. */
export function outputOf(reply: Reply): unknown {
  if ('output' in reply) return reply.output;
  const { code, message, extra } = reply.error;
  throw new SlipwayError(isErrorCode(code) ? code : 'internal', message, { extra: { ...extra } });
}
