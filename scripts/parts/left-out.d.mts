export function partsOrReason<Parts>(
  get: () => Promise<Parts>,
  options: { readonly wanted: boolean; readonly env?: Readonly<Record<string, string | undefined>> },
): Promise<{ readonly parts: Parts; readonly leftOut: null } | { readonly parts: null; readonly leftOut: string }>;
