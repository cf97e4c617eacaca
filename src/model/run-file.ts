/** A place in a file of a commit. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type RunFileCode = 'run-file-invalid' | 'run-file-not-allowed' | 'variable-missing';

/** One thing that is wrong with a run file. */
export interface RunFileFault extends Place {
  readonly code: RunFileCode;
  /** What is wrong, and what to do instead. Shows no secret. */
  readonly message: string;
  /** The setting of the configuration that would help; null if the file has to change. */
  readonly setting: string | null;
}

/** Something that works otherwise than its author may think. */
export interface RunFileWarning extends Place {
  readonly message: string;
}

/** The value of a variable that run files may use. */
export interface Variable {
  readonly value: string;
  /** Its value comes from `${…}` of the configuration, at least in part. */
  readonly secret: boolean;
  /** What must not be shown besides the value: the contents of the variables inside of it. */
  readonly parts?: readonly string[];
}

export type Variables = ReadonlyMap<string, Variable>;

/** What a run file may ask for although it reaches the host. */
export interface Allow {
  readonly privileged: boolean;
  readonly hostNetwork: boolean;
  /** Paths of devices on the host. */
  readonly devices: readonly string[];
  /** With or without `CAP_`; `ALL` allows each. */
  readonly capAdd: readonly string[];
  readonly securityOpt: readonly string[];
  /** Names, without values. */
  readonly sysctls: readonly string[];
  /** Folders on the host, with all that is below them. An engine's socket only if it is named itself. */
  readonly binds: readonly string[];
}

/** How a deployment asks a container which version it runs; what is missing takes its default or the configuration's. */
export interface Verify {
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the answer has the version: a JSON pointer, a header, or `regex:…` over the body. */
  readonly json?: string;
  readonly header?: string;
  readonly body?: string;
  readonly expect?: string;
}
