export function difference(
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string> | null,
): string | null;
export function counting(name: string, image: ReadonlyMap<string, string>): ReadonlyMap<string, string>;
