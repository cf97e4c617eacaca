/** The known name that was typed, in any case, or the only one that has it as a part. Else what was typed. */
export function meantName(typed: string, names: readonly string[]): string {
  const wanted = typed.trim();
  if (wanted === '') return '';
  const having = havingIt(wanted, names);
  const same = having.find((name) => name.toLowerCase() === wanted.toLowerCase());
  const [only] = having;
  return same ?? (having.length === 1 && only !== undefined ? only : wanted);
}

/** Names that are listed as a hint. */
const MAX_HINTS = 5;

/** `No service is named stor.`, with those that have it as a part. Null: it is known. */
export function unknownName(noun: string, typed: string, names: readonly string[]): string | null {
  if (typed === '' || names.some((name) => name.toLowerCase() === typed.toLowerCase())) return null;
  const hints = havingIt(typed, names);
  const more = hints.length > MAX_HINTS ? ' …' : '';
  const list =
    hints.length === 0 ? '' : ` These have it in their name: ${hints.slice(0, MAX_HINTS).join(', ')}${more}.`;
  return `No ${noun} is named ${typed}.${list}`;
}

const havingIt = (part: string, names: readonly string[]): readonly string[] =>
  names.filter((name) => name.toLowerCase().includes(part.toLowerCase()));
