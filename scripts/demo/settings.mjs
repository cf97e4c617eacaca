/** The configuration that the demo runs Slipway with. */
import { registryUser } from '../parts.mjs';

/** Everything that is not said here has its default. */
export const settings = ({ port, secret, token, jenkinsToken, gitUrl, registryHost, dockerHost, baseImage }) => `\
server:
  listen: 127.0.0.1:${port}
  dataDir: ./data
access:
  anonymousRead: true # a browser can look around
  tokens:
    - { name: jenkins, token: "${jenkinsToken}", scopes: [build] }
    - { name: ops, token: "${token}", scopes: [read, build, admin] }
github:
  webhookSecrets: ["${secret}"]
  cloneUrl: "${gitUrl}/{repository}.git"
registry:
  host: ${registryHost}
  username: ${registryUser.username}
  password: "${registryUser.password}"
  insecure: true
engine:
  host: ${dockerHost.replace('https:', 'tcp:').replace('http:', 'tcp:')}${tlsSettings()}
dockerfiles:
  repository: abc/dockerfiles
# So that each push is seen to be heard of by its webhook alone.
sweep: off
limits: { freeDisk: 256MiB }
defaults:
  branches: [main]
  buildArgs: { BASE: "${baseImage}" }
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
`;

/** Certificates of a tcp:// engine, as the docker command finds them. */
function tlsSettings(env = process.env) {
  if (!env.DOCKER_TLS_VERIFY || !env.DOCKER_HOST) return '';
  const folder = env.DOCKER_CERT_PATH ?? `${env.HOME}/.docker`;
  return `\n  tls: { ca: "${folder}/ca.pem", cert: "${folder}/cert.pem", key: "${folder}/key.pem" }`;
}
