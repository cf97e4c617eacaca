import type { Environment } from '../model/environment.js';
import type { Pattern } from '../model/pattern.js';
import type { Service } from '../model/service.js';
import type { AccessToken } from '../access.js';
import type { Secret } from '../secret.js';
import type { noticeEvents } from './notice-schema.js';

export type CentralDockerfiles =
  /** `isDefault`: a missing folder counts as empty. */
  | { readonly kind: 'folder'; readonly path: string; readonly isDefault: boolean }
  /** `branch` null: the repository's default branch. */
  | { readonly kind: 'repository'; readonly repository: string; readonly branch: string | null };

/** The effective configuration, with all defaults applied. Paths are absolute, sizes in bytes, times in milliseconds. */
export interface Config {
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly publicUrl: string | null;
    readonly dataDir: string;
    /** By which this server knows its own containers. */
    readonly instance: string;
  };
  readonly database: 'embedded';
  readonly access: {
    readonly anonymousRead: boolean;
    readonly metrics: 'open' | 'token';
    readonly tokens: readonly AccessToken[];
  };
  readonly github: {
    readonly webhookSecrets: readonly Secret[];
    /** Contains `{repository}`. */
    readonly cloneUrl: string;
    readonly token: Secret | null;
    readonly apiUrl: string;
    /** Makes check runs instead of commit statuses. */
    readonly app: { readonly id: number; readonly privateKey: Secret } | null;
    /** Null: by the number of services that use a repository. */
    readonly statuses: 'service' | 'summary' | null;
    /** Whether pull requests get a plan. */
    readonly pullRequests: boolean;
  };
  readonly git: {
    /** Whether pushes are asked for over HTTP by ourselves, before the git program is. */
    readonly shortcut: boolean;
  };
  readonly registry: {
    readonly host: string;
    readonly username: string | null;
    readonly password: Secret | null;
    readonly insecure: boolean;
    /** What hosts of environments sign in with. Null: as above. */
    readonly pull: { readonly username: string; readonly password: Secret } | null;
  };
  readonly engine: {
    readonly host: string;
    /** Contents, not file names. */
    readonly tls: { readonly ca: string | null; readonly cert: string | null; readonly key: Secret | null } | null;
    readonly concurrency: number;
    /** Image names without tag and digest. */
    readonly frontends: readonly string[];
    readonly timeout: number;
  };
  readonly dockerfiles: CentralDockerfiles;
  /** Null: off. */
  readonly sweep: number | null;
  /** Who is notified, and of what. */
  readonly notices: readonly NoticeSettings[];
  readonly mail: MailServer | null;
  readonly callbacks: { readonly allowedHosts: readonly string[] };
  readonly limits: { readonly artifact: number; readonly log: number; readonly freeDisk: number };
  /** Milliseconds. */
  readonly retention: {
    readonly logs: number;
    readonly deliveries: number;
    readonly decisions: number;
    readonly artifacts: number;
    readonly deployments: number;
    readonly audit: number;
  };
  /** In the order of promotion. */
  readonly environments: ReadonlyMap<string, Environment>;
  readonly services: ReadonlyMap<string, Service>;
}

export type NoticeEvent = (typeof noticeEvents)[number];

/** Somebody who is notified. Empty lists: all. */
export interface NoticeSettings {
  readonly to:
    { readonly kind: 'webhook' | 'slack'; readonly url: Secret } | { readonly kind: 'mail'; readonly address: string };
  /** What a webhook is signed with. */
  readonly secret: Secret | null;
  readonly on: ReadonlySet<NoticeEvent>;
  readonly services: readonly Pattern[];
  readonly branches: readonly Pattern[];
  readonly environments: readonly string[];
}

/** The server that mail is sent with. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** Null: nobody logs in. */
  readonly username: string | null;
  readonly password: Secret | null;
  readonly from: string;
}

/** One fault of a configuration file, at its place, e.g. `services.java-service-1.branches[1]`. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}
