export interface InitOptions {
  readonly output: string;
  readonly repository?: string;
  readonly registry?: string;
  readonly publicUrl?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}
