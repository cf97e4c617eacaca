import { faultsOf, least, loadText } from '../../support/write-config.js';

const service = (settings: string) => `
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
services: { web: { repository: abc/web, ${settings} } }
`;

test('what is missing is reported at its own place', async () => {
  expect(await faultsOf('')).toEqual([
    'github.webhookSecrets: is required',
    'registry.host: is required',
    'services: is required',
  ]);
});

test('an unknown key is one without a value too; a known one is as if it were not there', async () => {
  const text = `${least}\nsweeep:\naccess:\ndefaults:\n  excludedRegion:\n  target:\nserver: { listen: }`;
  expect(await faultsOf(text)).toEqual([
    'sweeep: is unknown; did you mean `sweep`?',
    'defaults.excludedRegion: is unknown; did you mean `excludedRegions`?',
  ]);
  expect(await faultsOf('github:\nregistry: { host: }\nservices:')).toEqual([
    'github.webhookSecrets: is required',
    'services: is required',
    'registry.host: is required',
  ]);
});

test('every fault is reported at once, each at its place', async () => {
  const faults = await faultsOf(`
server: { listen: 8080, publicURL: "https://a.b" }
access: { tokens: [{ name: a, token: "", scopes: [] }, { name: a, token: x, scopes: [write] }] }
github: { webhookSecrets: [""], cloneUrl: "https://github.com/x.git", token: "\${UNSET}" }
registry: { host: "https://registry.abc.net" }
sweep: often
services:
  java-service-1: { repository: abc/java-service-1, branches: [main, "release/["], trigger: artifact }
  Web: { repository: abc }
`);
  expect(faults).toEqual([
    'github.token: ${UNSET} is not set, nor is UNSET_FILE',
    'server.listen: must be text (put it in quotes)',
    'server.publicURL: is unknown; did you mean `publicUrl`?',
    'access.tokens[0].token: is empty',
    'access.tokens[0].scopes: must not be empty',
    'access.tokens[1].scopes[0]: must be one of: read, build, deploy, admin',
    'github.webhookSecrets[0]: is empty',
    'github.cloneUrl: must contain {repository}, which stands for owner/name',
    'registry.host: must be host or host:port, without a scheme or path',
    'sweep: must be `off`, or a duration of at most 24d such as 5m',
    'services.java-service-1.branches[1]: the pattern "release/[" has a "[" without its "]" (write "\\\\[" for the character itself)'.replace(
      '\\\\',
      '\\',
    ),
    'services.Web: must be called a service name: [a-z0-9][a-z0-9._-]*, at most 128 characters',
    'services.Web.repository: must be owner/name',
    'access.tokens[1].name: is also the name of access.tokens[0]',
    'services.java-service-1.artifact: is required with `trigger: artifact`',
  ]);
});

test.each([
  ['github: { webhookSecrets: [] }', /^github.webhookSecrets: must not be empty$/],
  ['github: { webhookSecrets: hook }', /^github.webhookSecrets: must be a list$/],
  ['github: { webhookSecrets: ["  "] }', /^github.webhookSecrets\[0\]: is empty$/],
  ['github: { webhookSecrets: [12345] }', /^github.webhookSecrets\[0\]: must be text/],
  ['github: { webhookSecrets: [x], cloneUrl: "git@github.com:{repository}.git" }', /cloneUrl: must be a URL/],
  ['github: { webhookSecrets: [x], cloneUrl: "ext::sh {repository}" }', /cloneUrl: must be a URL/],
  ['github: { webhookSecrets: [x], cloneUrl: "https://u:p@h/{repository}" }', /cloneUrl: must not hold credentials/],
  ['github: { webhookSecrets: [x], apiUrl: "ftp://h" }', /apiUrl: must be an http/],
  ['registry: { host: "registry.abc.net/team" }', /registry.host: must be host/],
  ['registry: { host: registry }', /registry.host: must have a dot or a port/],
  ['registry: { host: r.abc.net, username: u }', /registry.password: is required with/],
  ['registry: { host: r.abc.net, password: p }', /registry.username: is required with/],
  ['database: "postgres://u:p@h/db"', /database: PostgreSQL is still to come/],
  ['database: mysql', /database: must be `embedded`/],
  ['engine: { host: "http://h" }', /engine.host: must be unix/],
  ['engine: { tls: { ca: any.pem } }', /engine.tls: needs an engine.host/],
  ['engine: { host: "tcp://h:1", tls: { cert: any.pem } }', /engine.tls.key: is required/],
  ['engine: { concurrency: 0 }', /engine.concurrency: must be at least 1/],
  ['engine: { concurrency: two }', /engine.concurrency: must be a whole number/],
  ['engine: { timeout: 30 }', /engine.timeout: must be text/],
  ['engine: { timeout: 0s }', /engine.timeout: must be a duration above zero/],
  ['engine: { timeout: 30d }', /engine.timeout: must be a duration above zero and at most 24d/],
  ['engine: { frontends: docker/dockerfile }', /^engine.frontends: must be a list$/],
  ['engine: { frontends: [""] }', /^engine.frontends\[0\]: must be an image name in lower case/],
  ['engine: { frontends: ["docker/dockerfile:1"] }', /^engine.frontends\[0\]: must be a name without tag and digest/],
  ['engine: { frontends: ["localhost:5000/x:1"] }', /^engine.frontends\[0\]: must be a name without tag and digest/],
  ['engine: { frontends: ["a/b@sha256:00"] }', /^engine.frontends\[0\]: must be a name without tag and digest/],
  ['engine: { frontends: [x/y, Docker/dockerfile] }', /^engine.frontends\[1\]: must be an image name in lower case/],
  ['engine: { frontends: ["docker/*"] }', /^engine.frontends\[0\]: must be an image name in lower case/],
  ['engine: { frontend: [] }', /^engine.frontend: is unknown; did you mean `frontends`\?$/],
  ['limits: { log: lots }', /limits.log: must be a size/],
  ['limits: { log: -1 }', /limits.log: must be a size/],
  ['dockerfiles: { path: nowhere }', /dockerfiles.path: there is no such folder/],
  ['dockerfiles: { path: dockerfiles, repository: a/b }', /dockerfiles: has both/],
  ['dockerfiles: { branch: main }', /dockerfiles.branch: needs/],
  ['callbacks: { allowedHosts: ["https://h"] }', /allowedHosts\[0\]: must be a bare host name/],
  ['access: { tokens: [{ token: x, scopes: [read] }] }', /tokens\[0\].name: is required/],
  [
    'access: { tokens: [{ name: a, token: x, scopes: [read] }, { name: b, token: x, scopes: [read] }] }',
    /tokens\[1\].token: is also/,
  ],
  ['sweep: true', /^sweep: must be `off`, or a duration of at most 24d such as 5m$/],
  ['sweep: 300', /^sweep: must be `off`, or a duration of at most 24d such as 5m$/],
  ['access: { metrics: closed }', /access.metrics: must be one of: open, token/],
  ['access: { anonymousRead: yes }', /access.anonymousRead: must be true or false/],
  ['defaults: { branches: [" main"] }', /defaults.branches\[0\]: the pattern " main" has blanks/],
  ['dockerfiles: { repository: abc/d, branch: origin/main }', /dockerfiles.branch: begins with "origin\/"/],
  ['dockerfiles: { repository: abc/d, branch: "release/*" }', /dockerfiles.branch: is a pattern/],
  ['dockerfiles: { repository: abc/d.git }', /dockerfiles.repository: must be without ".git"/],
  ['defaults: { repository: abc/x.GIT }', /defaults.repository: must be without ".git"/],
  ['defaults: { version: {} }', /defaults.version: needs either/],
  ['retention: { logs: 0d }', /retention.logs: must be a duration/],
  ['retention: { builds: 1d }', /retention.builds: is unknown/],
  ['sweeps: 5m', /^sweeps: is unknown; did you mean `sweep`\?$/],
  ['entirely: 5m', /^entirely: is unknown$/],
])('%s is a fault', async (text, expected) => {
  const key = text.slice(0, text.indexOf(':'));
  const rest = least.split('\n').filter((line) => !line.startsWith(`${key}:`));
  const faults = await faultsOf([...rest, text].join('\n'), {}, { 'any.pem': 'PEM' });
  expect(faults).toEqual([expect.stringMatching(expected)]);
});

test.each([
  ['path: /srv', /path: must be a folder inside/],
  ['path: ../other', /path: must be a folder inside/],
  ['context: a/../..', /context: must be a folder inside/],
  ['dockerfile: ../Dockerfile', /dockerfile: must be a file inside/],
  ['dockerfile: .', /dockerfile: must be a file inside/],
  ['artifact: target/', /artifact: must be a file inside/],
  ['artifact: ../app.jar', /artifact: must be a file inside/],
  ['version: { file: ../pom.xml }', /version.file: must be a file inside/],
  ['version: { file: a, value: b }', /version: needs either/],
  ['version: { pattern: "1(" }', /version.pattern: the pattern "1\(" /],
  ['version: { pattern: "(?=1)" }', /version.pattern: the pattern/],
  ['version: { pattern: " " }', /version.pattern: the pattern/],
  ['version: "1.0"', /version: must be a mapping/],
  ['includedRegions: [""]', /includedRegions\[0\]: the pattern "" is empty/],
  ['includedRegions: [./src]', /includedRegions\[0\]: .* begins with "\.\/"/],
  ['includedRegions: [src/**, 7]', /includedRegions\[1\]: must be text/],
  ['includedRegions: automatic', /includedRegions: must be `auto` or a list/],
  ['excludedRegions: ["regex:a(?=b)"]', /excludedRegions\[0\]: .* look-around/],
  ['branches: main', /branches: must be a list/],
  ['branches: [origin/main]', /branches\[0\]: the pattern "origin\/main" begins with "origin\/"/],
  ['branches: ["origin/*"]', /branches\[0\]: .*can never match/],
  ['branches: [remotes/origin/main]', /branches\[0\]: .*write the bare name/],
  ['branches: [refs/remotes/origin/main]', /branches\[0\]: .*write the bare name/],
  ['branches: ["regex:origin/.*"]', /branches\[0\]: .*write the bare name/],
  ['branches: ["regex:^refs/heads/main"]', /branches\[0\]: .*write the bare name/],
  ['branches: ["{main,origin/main}"]', /branches\[0\]: .*has an alternative that/],
  ['branches: ["a..b"]', /branches\[0\]: .*which git allows in no name/],
  ['branches: ["release 1"]', /branches\[0\]: .*which git allows in no name/],
  ['branches: ["~main"]', /branches\[0\]: .*which git allows in no name/],
  ['branches: [.main]', /branches\[0\]: .*which git allows in no name/],
  ['branches: [main.lock]', /branches\[0\]: .*which git allows in no name/],
  ['gitTags: ["refs/tags/v*"]', /gitTags\[0\]: .*write the bare name/],
  ['extraTags: { main: [latest], dev: [latest] }', /extraTags.dev: has the tag "latest", which main moves too/],
  ['extraTags: { main: [latest, latest] }', /extraTags.main: has the tag "latest"/],
  ['extraTags: { main: ["a b"] }', /extraTags.main\[0\]: must be a tag/],
  ['extraTags: { main: latest }', /extraTags.main: must be a list/],
  ['extraTags: { "release/*": [latest] }', /extraTags.*is a pattern/],
  ['extraTags: { origin/main: [latest] }', /extraTags.*write the bare name/],
  ['branchTag: "no"', /branchTag: must be true or false/],
  ['branches: []', /branches: is empty and there are no gitTags/],
  ['gitTags: [refs/tags/v*]', /gitTags\[0\]: .* begins with "refs\/tags\/"/],
  ['buildArgs: { A: [x] }', /buildArgs.A: must be text, a number or a truth value/],
  ['buildArgs: { A: }', /buildArgs.A: must be text, a number or a truth value/],
  ['buildArgs: { "A B": x }', /buildArgs\["A B"\]: must be called/],
  ['secrets: { a b: x }', /secrets\["a b"\]: must be called an id of letters/],
  ['secrets: { a: [hidden] }', /secrets.a: must be text$/],
  ['secrets: { a: }', /secrets.a: must be text$/],
  ['secrets: { a: "" }', /secrets.a: is empty$/],
  ['secrets: { a: "${UNSET}" }', /secrets.a: \$\{UNSET\} is not set/],
  ['secrets: hidden', /secrets: must be a mapping$/],
  ['image: Web', /image: must be a repository name/],
  ['image: a//b', /image: must be a repository name/],
  ['trigger: artefact', /trigger: must be one of: push, artifact/],
  ['trigger: artifact', /artifact: is required with/],
  ['reuse: forever', /reuse: must be true, false, or a maximum age/],
  ['builds: all', /builds: must be one of/],
  ['branchs: [main]', /branchs: is unknown; did you mean `branches`/],
])('a service with %s is a fault', async (settings, expected) => {
  const faults = await faultsOf(service(settings));
  expect(faults).toEqual([expect.stringMatching(expected)]);
  expect(faults[0]).toMatch(/^services\.web\./);
});

test.each(['abc', 'abc/', '/abc', 'a/b/c', 'a/..', '../a', 'a b/c', '-a/b', 'a/b..c', 'https://github.com/a/b'])(
  'the repository %j is a fault',
  async (repository) => {
    const faults = await faultsOf(least.replace('abc/web', JSON.stringify(repository)));
    expect(faults).toEqual(['services.web.repository: must be owner/name']);
  },
);

test('a faulty default is reported once, not for every service', async () => {
  const faults = await faultsOf(`
github: { webhookSecrets: [hook] }
registry: { host: registry.abc.net }
defaults: { repository: x, trigger: artifact, artifact: /a }
services: { a: { image: x }, b: { image: y } }
`);
  expect(faults).toEqual(['defaults.repository: must be owner/name', expect.stringMatching(/^defaults.artifact/)]);
});

test('two services of one image are a fault, also where one takes it from its name', async () => {
  const text = least.replace(
    '{ web: { repository: abc/web } }',
    '{ web: { repository: a/b }, site: { repository: a/b, image: web } }',
  );
  expect(await faultsOf(text)).toEqual(['services.site.image: "web" is also the image of the service web']);
});

test.each(['a..b', 'a.', 'a-'])('the service name %j needs an image of its own', async (name) => {
  expect(await faultsOf(least.replace('web:', `${JSON.stringify(name)}:`))).toEqual([
    expect.stringMatching(/^services\.a[.-]+b?\.image: is required/),
  ]);
});

test.each([
  ['a: 1\na: 2\n', 'line 2, column 1: the same key appears twice'],
  ['a: [1\nb: 2\n', 'line 2, column 1: the indentation is wrong, or a bracket is not closed'],
  ['a: *b\n', 'line 1, column 4: an alias names no anchor'],
  ['a: 1\n---\nb: 1\n', 'line 2, column 1: there is more than one document'],
])('YAML that does not parse is a fault with its line: %j', async (text, expected) => {
  expect(await faultsOf(text)).toContain(expected);
});

test.each(['- a\n', 'text\n'])('a file that is no mapping is a fault: %j', async (text) => {
  expect(await faultsOf(text)).toEqual([': must be a mapping']);
});

test.each([
  ['"${UNSET}"', {}, 'access.tokens[0].token: ${UNSET} is not set, nor is UNSET_FILE'],
  [
    '"${A}"',
    { A_FILE: 'nowhere' },
    'access.tokens[0].token: ${A} has no value: the file that A_FILE names cannot be read (ENOENT)',
  ],
  ['"${A}"', { A: '' }, 'access.tokens[0].token: is empty'],
  [
    '"${A-B}"',
    {},
    'access.tokens[0].token: has a "${" that names no variable (write "$${" for the characters themselves)',
  ],
])('a token of %s is a fault', async (token, environment, expected) => {
  const text = `${least}\naccess: { tokens: [{ name: a, token: ${token}, scopes: [read] }] }`;
  expect(await faultsOf(text, environment)).toEqual([expected]);
});

test('no fault shows a value that may be a secret', async () => {
  const { loaded } = await loadText(
    `github: { webhookSecrets: s3cret-1, cloneUrl: "https://s3cret-2@h/{repository}", token: [s3cret-3] }
registry: { host: "s3cret-4", password: s3cret-5 }
access: { tokens: [{ name: a, token: s3cret-6, scopes: [s3cret-7] }, { name: b, token: s3cret-6, scopes: [] }] }
services: { web: { repository: "s3cret-8", buildArgs: { A: [s3cret-9] } } }
"unclosed`.replace('"unclosed', ''),
  );
  expect(loaded.ok).toBe(false);
  expect(JSON.stringify(loaded)).not.toContain('s3cret');
});

test('broken YAML shows no value either', async () => {
  const { loaded } = await loadText('github: { token: "s3cret-1\nregistry: s3cret-2: s3cret-3\n!s3cret-4 x: *s3cret-5');
  expect(loaded.ok).toBe(false);
  expect(JSON.stringify(loaded)).not.toContain('s3cret');
});

test('a configuration that refers to itself does not hang', async () => {
  expect(await faultsOf(`${least}\nserver: &a { listen: *a }`)).toHaveLength(1);
});
