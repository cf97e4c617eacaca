/** The value of a variable, or why it has none (the end of a sentence that begins with its name). */
export type Variable = { readonly value: string } | { readonly fault: string };
export type Variables = ReadonlyMap<string, Variable>;

const variable = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g;

/** Names of the variables that a text mentions, each once. */
export function variableNames(text: string): readonly string[] {
  return [...new Set([...text.matchAll(variable)].flatMap(([, name]) => (name === undefined ? [] : [name])))];
}

/** Whether a text is one variable and nothing else. */
export const isVariable = (text: string): boolean => /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(text);

export interface Substituted {
  readonly text: string;
  readonly faults: readonly string[];
  /** Values of the variables in the text. */
  readonly contents: readonly string[];
}

/** Substitutes `${NAME}` once: values are not searched again. `$${` stands for `${`. */
export function substitute(text: string, variables: Variables): Substituted {
  const faults: string[] = [];
  const contents: string[] = [];
  const result = text.replaceAll(variable, (found: string, name: string | undefined) => {
    if (found === '$${') return '${';
    if (name === undefined) {
      faults.push('has a "${" that names no variable (write "$${" for the characters themselves)');
      return '';
    }
    const known = variables.get(name) ?? { fault: 'is not set' };
    if ('value' in known) {
      contents.push(known.value);
      return known.value;
    }
    faults.push(`\${${name}} ${known.fault}`);
    return '';
  });
  return { text: result, faults, contents };
}
