/** The configuration that the demo runs Slipway with. */
import { registryUser } from '../parts.mjs';

/** Everything that is not said here has its default. */
export const settings = ({
  port,
  secret,
  token,
  jenkinsToken,
  instance,
  gitUrl,
  registryHost,
  dockerHost,
  ...more
}) => `\
server:
  listen: 127.0.0.1:${port}
  dataDir: ./data
  instance: ${instance}
access:
  anonymousRead: true # a browser can look around
  tokens:
    - { name: jenkins, token: "${jenkinsToken}", scopes: [build] }
    - { name: ops, token: "${token}", scopes: [read, build, deploy, admin] }
github:
  webhookSecrets: ["${secret}"]
  cloneUrl: "${gitUrl}/{repository}.git"
registry:
  host: ${registryHost}
  username: ${registryUser.username}
  password: "${registryUser.password}"
  insecure: true
engine:
  host: ${engineUrl(dockerHost)}${tlsSettings('\n  ')}
dockerfiles:
  repository: abc/dockerfiles
# So that each push is seen to be heard of by its webhook alone.
sweep: off
limits: { freeDisk: 256MiB }
environments:
${environmentSettings(more.environments)}
defaults:
  branches: [main]
  buildArgs: { BASE: "${more.baseImage}" }
services:
  hello:
    repository: abc/hello
    excludedRegions: ["**/*.md"]
  cart:
    repository: abc/shop
    path: services/cart
  orders:
    repository: abc/shop
    path: services/orders
  java-service:
    repository: abc/java-service
    context: docker
    trigger: artifact
    artifact: docker/app.jar
  storefront:
    repository: abc/storefront
    deploy: { environments: [staging, production] }
`;

/** Short, so that the demo is. */
const timeouts = '{ reach: 10s, pull: 60s, start: 4s, settle: 500ms, drain: 500ms, drainMax: 5s, soak: 500ms }';

function environmentSettings({ staging, production }) {
  const { balancer } = production;
  return `\
  staging:
    hosts:
${hostSettings(staging)}
    follow: main
    variables: { PORT: "${staging.port}" }
    timeouts: ${timeouts}
  production:
    hosts:
${hostSettings(production)}
${balancer === undefined ? '    requires: staging' : balancerSettings(production)}
    variables: { PORT: "${production.port}" }
    timeouts: ${timeouts}`;
}

const hostSettings = ({ hosts }) =>
  hosts
    .map(({ name, address, dockerHost }) => {
      const tls = dockerHost.startsWith('unix:') ? '' : tlsSettings(', ');
      return `      ${name}: { engine: "${engineUrl(dockerHost)}", address: ${address}, publish: ${address}${tls} }`;
    })
    .join('\n');

const balancerSettings = ({ hosts, balancer: { admin, states, url } }) => `\
    strategy: blue-green
    balancer:
      haproxy:
        sockets: ["${admin}"]
        stateFile: "${states}"
        backend: "bk_{service}"
        servers: { ${hosts.map(({ name }) => `${name}: web-${name}`).join(', ')} }
      address: ${url}`;

const engineUrl = (dockerHost) => dockerHost.replace('https:', 'tcp:').replace('http:', 'tcp:');

/** Certificates of a tcp:// engine, as the docker command finds them. */
function tlsSettings(before, env = process.env) {
  if (!env.DOCKER_TLS_VERIFY || !env.DOCKER_HOST) return '';
  const folder = env.DOCKER_CERT_PATH ?? `${env.HOME}/.docker`;
  return `${before}tls: { ca: "${folder}/ca.pem", cert: "${folder}/cert.pem", key: "${folder}/key.pem" }`;
}
