/** Puts the name of a service, and of a host, where a text of the configuration asks for it. */
export function fill(text: string, names: { readonly service: string; readonly host?: string }): string {
  return text.replaceAll(/\{(service|host)\}/g, (whole, name: 'service' | 'host') => names[name] ?? whole);
}
