/** How a command ends (CONTRACT: command line). */
export const exitCodes = {
  ok: 0,
  /** The work failed, or the server refuses it as it is. */
  failed: 1,
  usage: 2,
  notAllowed: 3,
  unreachable: 4,
} as const;

/** Ends the command with a sentence on stderr. */
export class Ended extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
    /** What the person can type or do next. */
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

export const usage = (message: string): Ended => new Ended(exitCodes.usage, message);
