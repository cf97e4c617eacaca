import type { Refused } from './shapes.js';

const noNetworks = 'Use `network_mode`; containers reach each other through published ports.';
const noBuild = 'The image comes from the release; its Dockerfile says how it is built.';
const noGpu = 'Name devices under `devices`.';
const noCpuShare = 'Limit CPUs with `cpus`.';
const noConfigs = 'Mount a file of the host with `volumes`, or set variables under `environment`.';
const oneService = 'A run file has one service; deploy other services by themselves.';
const noBlockIo = 'Limit memory and CPUs instead.';

/** Keys of Compose's services that a run file does not have. */
export const refusedOfService: Refused = {
  annotations: 'Use `labels`.',
  attach: 'A deployment never attaches; remove the key.',
  blkio_config: noBlockIo,
  build: noBuild,
  cgroup: 'Remove the key; a container has control groups of its own.',
  cgroup_parent: 'Remove the key; a container has control groups of its own.',
  configs: noConfigs,
  container_name: 'Remove the key; containers are named after service, environment and deployment.',
  cpu_count: noCpuShare,
  cpu_percent: noCpuShare,
  cpu_period: noCpuShare,
  cpu_quota: noCpuShare,
  cpu_rt_period: noCpuShare,
  cpu_rt_runtime: noCpuShare,
  cpu_shares: noCpuShare,
  cpuset: noCpuShare,
  credential_spec: 'It is for Windows containers; remove the key.',
  depends_on: `${oneService} A health check says when a service is ready.`,
  develop: 'It is for development; keep it in a Compose file of your own.',
  device_cgroup_rules: noGpu,
  dns_opt: 'Set name servers with `dns`.',
  dns_search: 'Set name servers with `dns`, and use full names.',
  domainname: 'Write the whole name under `hostname`.',
  env_file: 'Write the variables under `environment`, or into `variables` of the configuration.',
  expose: 'It publishes nothing; use `ports`.',
  extends: 'Use anchors, or a file for each environment, which is merged over this one.',
  external_links: noNetworks,
  gpus: noGpu,
  ipc: 'Remove the key; a container has its own shared memory (`shm_size`).',
  isolation: 'It is for Windows containers; remove the key.',
  label_file: 'Write the labels under `labels`.',
  links: noNetworks,
  mac_address: 'Remove the key; the engine chooses the address.',
  mem_reservation: 'Set the limit with `mem_limit`.',
  mem_swappiness: 'Limit swap with `memswap_limit`.',
  models: 'Remove the key; pass addresses under `environment`.',
  networks: noNetworks,
  oom_kill_disable: 'Remove the key; a container at its memory limit has to end.',
  pid: 'Remove the key; a container has its own process ids.',
  platform: 'Remove the key; the image decides.',
  post_start: 'Start it in the image, from its entrypoint.',
  pre_stop: 'Let the service act on its `stop_signal`.',
  profiles: 'Use a file for each environment, such as `compose.production.yaml`.',
  provider: oneService,
  pull_policy: 'Remove the key; the image is pulled by its digest before anything stops.',
  runtime: 'Remove the key; the host decides.',
  scale: 'The hosts of the environment say how many containers run.',
  secrets: 'Use a variable with a secret value under `environment`.',
  stdin_open: 'Remove the key; a service has no input.',
  storage_opt: 'Remove the key; the host decides.',
  tty: 'Remove the key; a service has no terminal.',
  use_api_socket: "Name the engine's socket under `volumes`.",
  userns_mode: 'Remove the key; the host decides.',
  uts: 'Remove the key; set `hostname`.',
  volumes_from: 'Name the volume under `volumes`, with `external: true` at the top.',
};

/** Keys below `deploy`. */
export const refusedOfDeploy: Refused = {
  endpoint_mode: noNetworks,
  labels: 'Use `labels` of the service.',
  mode: 'The hosts of the environment say how many containers run.',
  placement: 'The hosts of the environment say where containers run.',
  replicas: 'The hosts of the environment say how many containers run.',
  restart_policy: 'Use `restart` of the service.',
  rollback_config: 'The environment has a strategy.',
  update_config: 'The environment has a strategy.',
};

export const refusedOfTop: Refused = {
  configs: noConfigs,
  include: 'Write one file, and one for each environment beside it.',
  models: 'Remove the key; pass addresses under `environment`.',
  networks: noNetworks,
  secrets: 'Use a variable with a secret value under `environment`.',
  'x-slipway': 'Write it inside of the service.',
};

export const refusedOfVolume: Refused = {
  driver: 'Remove the key; volumes are local. Create another one by hand and name it with `external: true`.',
  driver_opts: 'Create the volume by hand and name it with `external: true`.',
  labels: 'Remove the key; Slipway labels its volumes.',
};

export const refusedOfMount: Refused = {
  consistency: 'It does nothing on Linux; remove the key.',
  image: 'Mount a folder of the host or a named volume.',
  tmpfs: 'Use `tmpfs` of the service.',
};

export const refusedOfPort: Refused = {
  app_protocol: 'It does nothing here; remove the key.',
  name: 'It does nothing here; remove the key.',
};
