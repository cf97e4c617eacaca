/** A Slipway that a browser can visit: the real server and store, with git host, engine and registry in memory. */
import { listenAt } from '../../src/server/listen-at.js';
import { TOKEN } from './api-client.js';
import { FakeStage, type StageOptions } from './fake-stage.js';
import { filledWith, type Past } from './past.js';

/** What a visitor logs in with, by scope. */
export const tokens = { read: 'reader-token', build: 'builder-token', deploy: 'deployer-token', admin: TOKEN } as const;

const accessTokens = Object.entries(tokens).map(([scope, token]) => ({ name: `${scope}er`, token, scopes: [scope] }));

export interface PagesStageOptions extends StageOptions {
  /** Default: false. */
  readonly anonymousRead?: boolean;
  /** What happened before the server started. */
  readonly past?: (past: Past) => Promise<void>;
}

export class PagesStage {
  #port = 0;

  private constructor(
    /** Pushes, holds builds and looks at what became of them. */
    readonly stage: FakeStage,
  ) {}

  /** Opens it. The server listens at an address of its own. */
  static async open({ anonymousRead = false, past, ...options }: PagesStageOptions = {}): Promise<PagesStage> {
    const access = { anonymousRead, tokens: accessTokens };
    const stage = await FakeStage.open({
      ...options,
      config: { access, ...options.config },
      ...(past && { fill: filledWith(past) }),
    });
    const pages = new PagesStage(stage);
    await pages.#listen();
    return pages;
  }

  /** The address of a page. */
  at(path = '/'): string {
    return `http://127.0.0.1:${this.#port}${path}`;
  }

  /** The server ends, and its port answers nobody. */
  async stop(): Promise<void> {
    await this.stage.slipway.stop(0);
  }

  /** It starts again, at the same address, with what it had. */
  async start(): Promise<void> {
    await this.stage.slipway.start();
    await this.#listen();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async close(): Promise<void> {
    await this.stage.slipway.close();
  }

  async #listen(): Promise<void> {
    const address = await listenAt(this.stage.slipway.running.app, { host: '127.0.0.1', port: this.#port });
    this.#port = Number(new URL(address).port);
  }
}

/** One stage for the tests of a file, which see what the tests before them did. */
export function usePagesStage(options?: PagesStageOptions): () => PagesStage {
  let opened: PagesStage | null = null;
  beforeAll(async () => {
    opened = await PagesStage.open(options);
  });
  afterAll(() => opened?.close());
  return () => {
    if (opened === null) throw new Error('The stage is not open yet.');
    return opened;
  };
}
