/** What is in the demo's repositories. `BASE` is the demo's own small image; in real use it is what the Dockerfile names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../parts.mjs';

const ownDockerfile = `ARG BASE=debian:12-slim
FROM \${BASE}
WORKDIR /app
COPY src/ ./
RUN sh test.sh
USER 65534:65534
CMD ["sh", "/app/main.sh"]
`;

const test = `echo "1 of 2: main.sh is valid"
sh -n main.sh
echo "2 of 2: main.sh prints something"
test -n "$(sh main.sh)"
`;

const prints = (text) => `echo "${text}"\n`;

export const application = {
  'README.md': '# hello\n',
  VERSION: '1.0.0\n',
  'src/main.sh': prints('Hello from hello 1.0.0'),
  'src/test.sh': test,
  'docker/Dockerfile': ownDockerfile,
};

export const monorepo = {
  'README.md': '# shop: two services in one repository\n',
  'services/cart/VERSION': '2.1.0\n',
  'services/cart/src/main.sh': prints('Hello from cart'),
  'services/cart/src/test.sh': test,
  'services/cart/docker/Dockerfile': ownDockerfile,
  'services/orders/VERSION': '3.0.1\n',
  'services/orders/src/main.sh': prints('Hello from orders'),
};

export const cartChange = { 'services/cart/src/main.sh': prints('Hello from cart, with vouchers') };

export const documentation = { 'README.md': '# hello\n\nSays hello.\n', 'docs/usage.md': 'Run it.\n' };

/** The source of a Java service; its Dockerfile is central, its jar comes from Jenkins. */
export const javaService = {
  'README.md': '# java-service\n',
  'pom.xml':
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>' +
    '<groupId>net.abc</groupId><artifactId>java-service</artifactId><version>4.2.0</version></project>\n',
  'src/main/java/Main.java': 'class Main { public static void main(String[] a) { System.out.println("Hello"); } }\n',
};

/** A stand-in for a jar: the demo has no Java, so its base image has a \`java\` that runs this as a shell script. */
export const jar = prints('Hello from app.jar, as Jenkins sent it');

export const javaStandIn = `#!/bin/sh
# Stands in for Java in Slipway's demo: java -jar FILE runs FILE as a shell script.
while [ "$1" != -jar ]; do shift; done
exec sh "$2"
`;

/** Where the web service says its version. */
export const versionPath = '/api/v1/version';

const webDockerfile = `ARG BASE=busybox:1.36
FROM \${BASE}
ARG SLIPWAY_VERSION
COPY src/ /app/
RUN mkdir -p /www/api/v1 && echo "$SLIPWAY_VERSION" > /www/api/v1/version
CMD ["sh", "/app/main.sh"]
`;

const serves = 'exec httpd -f -p 8080 -h /www\n';

/** How a container of the web service is run. `PORT` is a variable of each environment. */
const runFile = (memory) => `services:
  storefront:
    ports: ['\${PORT}:8080']
    mem_limit: ${memory}
    x-slipway:
      verify: { path: ${versionPath}, port: 8080 }
`;

/** A web service that says its version. */
export const webService = {
  'README.md': '# storefront: a web service\n',
  VERSION: '1.0.0\n',
  'src/main.sh': serves,
  'docker/Dockerfile': webDockerfile,
  'docker/compose.yaml': runFile('32m'),
};

export const newVersion = { VERSION: '1.1.0\n', 'src/main.sh': `echo "Open for orders"\n${serves}` };

export const moreMemory = { megabytes: 48, files: { 'docker/compose.yaml': runFile('48m') } };

/** It says another version than its own. */
export const badVersion = {
  VERSION: '1.2.0\n',
  'src/main.sh': `echo 1.0.0-test > /www${versionPath}\n${serves}`,
};

/** The samples of examples/dockerfiles/, which the demo serves as a repository of its own. */
export function centralDockerfiles() {
  const folder = join(root, 'examples/dockerfiles');
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

export const centralChange = { 'orders/start.sh': '#!/bin/sh\necho "Orders is starting"\nexec sh /app/main.sh "$@"\n' };
