/** The folder with the program's files. They are fetched from Debian once and kept below `.test`. */
export function ensureHaproxy(say: (line: string) => void): string;
