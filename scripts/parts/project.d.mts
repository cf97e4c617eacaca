/** Types of project.mjs for the tests. */
export function isInstalled(folder: string): boolean;
