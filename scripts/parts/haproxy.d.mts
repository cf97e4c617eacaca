/** The folder with the program's files. They are fetched from Debian once and kept below `.test`. */
export function ensureHaproxy(say: (line: string) => void): string;

/** The program in a folder of `ensureHaproxy`, and where its libraries are. */
export function haproxyIn(tree: string): { readonly file: string; readonly libraries: string };
