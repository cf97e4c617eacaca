/** One file of a commit's tree, a central folder or a context. Paths are relative to the listed folder. */
export interface FileEntry {
  readonly path: string;
  /** As git has it: regular, executable, symbolic link. */
  readonly mode: '100644' | '100755' | '120000';
  /** Git blob id (SHA-1) of the content: equal ids, equal content. */
  readonly blob: string;
}
