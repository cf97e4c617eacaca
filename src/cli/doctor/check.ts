/** One thing that was looked at. `note`: it works, and something is worth knowing. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'fault';
  /** Null: there is nothing to say. */
  readonly message: string | null;
  /** What to do about it. Null if there is nothing to do. */
  readonly remedy: string | null;
}

export const ok = (name: string, message: string | null): Check => ({ name, state: 'ok', message, remedy: null });

export const note = (name: string, message: string, remedy: string): Check => ({
  name,
  state: 'note',
  message,
  remedy,
});

export const fault = (name: string, message: string, remedy: string): Check => ({
  name,
  state: 'fault',
  message,
  remedy,
});

/** Entries of a list that a message names. */
const MAX_NAMED = 5;

export const few = (texts: readonly string[]): string =>
  `${texts.slice(0, MAX_NAMED).join('; ')}${texts.length > MAX_NAMED ? `; and ${texts.length - MAX_NAMED} more` : ''}`;
