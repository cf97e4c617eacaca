/** A Slipway that jobs of Jenkins can reach: the service `app` of plain pushes, and `java` whose jar a job brings. */
import { TOKEN } from './api-client.js';
import { PagesStage } from './pages-stage.js';

/** Of a token that may build and deploy. */
const token = 'job-token';

export interface JenkinsStage {
  readonly pages: PagesStage;
  /** What the script needs to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Pushes to `main` and resolves with the commit when all that follows is over. */
  push(files: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
}

const source = { repository: 'abc/app', version: { value: '1.0' }, branches: ['main'] };
const services = { app: source, java: { ...source, trigger: 'artifact', artifact: 'docker/app.jar' } };

export async function openJenkinsStage(): Promise<JenkinsStage> {
  const tokens = [
    { name: 'ops', token: TOKEN, scopes: ['admin'] },
    { name: 'jenkins', token, scopes: ['build', 'deploy'] },
    { name: 'reader', token: 'reader-token', scopes: ['read'] },
  ];
  const pages = await PagesStage.open({ services, config: { access: { tokens } } });
  return {
    pages,
    env: { SLIPWAY_URL: `${pages.at('/')}`, SLIPWAY_TOKEN: token },
    async push(files) {
      await pages.stage.push(files);
      await pages.stage.slipway.quiet();
      return pages.stage.tip();
    },
    close: () => pages.close(),
  };
}
