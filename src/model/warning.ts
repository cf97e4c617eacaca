/** Not a fault, but something that people should know about a service. */
export interface Warning {
  readonly service: string;
  readonly message: string;
}
