/** A line of a build's log with the step that printed it. */
export interface LogLine {
  readonly step: string | null;
  readonly text: string;
}
