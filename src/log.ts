/** The logger that Slipway needs. Bindings such as `{ build: id }` go first, the sentence second. */
export interface Log {
  debug(bindings: object, message: string): void;
  info(bindings: object, message: string): void;
  warn(bindings: object, message: string): void;
  error(bindings: object, message: string): void;
  child(bindings: object): Log;
}
