/** GitHub's names are case-insensitive. */
export const sameRepository = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
