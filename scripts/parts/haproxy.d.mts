/** The program in a folder of `ensureHaproxy`, and where its libraries are. */
export function haproxyIn(tree: string): { readonly file: string; readonly libraries: string };
