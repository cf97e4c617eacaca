/** A file from Jenkins, with its commit and version. */
export interface Artifact {
  readonly id: string;
  readonly service: string;
  readonly branch: string;
  readonly commit: string;
  readonly version: string | null;
  readonly sha256: string;
  readonly size: number;
  /** Path relative to the data directory. */
  readonly file: string;
  readonly receivedAt: number;
}
