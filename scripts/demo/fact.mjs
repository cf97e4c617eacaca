/** Something that the demo shows is not so. */
export class NotSo extends Error {}

/** Every step asserts what it shows. */
export function fact(holds, message) {
  if (!holds) throw new NotSo(message);
}
