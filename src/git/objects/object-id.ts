/** True for a full SHA-1 or SHA-256 id in git's spelling. */
export const isObjectId = (text: string): boolean => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text);
