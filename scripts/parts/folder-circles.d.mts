/** Types of folder-circles.mjs for the tests. */
export interface Step {
  readonly from: string;
  readonly to: string;
  readonly example: { readonly from: string; readonly to: string };
}
export function folderCircles(files: ReadonlyMap<string, string>): Step[][];
