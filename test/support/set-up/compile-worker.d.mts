/** Writes the program below `folder`, which must be below the project's root; the path of its main file. */
export function compileWorker(root: string, main: string, folder: string): string;
