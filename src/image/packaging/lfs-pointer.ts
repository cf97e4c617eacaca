/** First line of every pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const firstLine = Buffer.from('version https://git-lfs.github.com/spec/v1\n');

/** True for the content of a Git LFS pointer, or its beginning. */
export const isLfsPointer = (content: Buffer): boolean => content.subarray(0, firstLine.length).equals(firstLine);
