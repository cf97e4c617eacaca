import {
  refusedOfDeploy,
  refusedOfMount,
  refusedOfPort,
  refusedOfService,
  refusedOfTop,
  refusedOfVolume,
} from './refused-keys.js';
import { anything, keyValues, scalar, scalarOrList, scalars, type Keys, type Shape } from './shapes.js';

const port: Keys = {
  target: { about: 'Port in the container.', shape: scalar },
  published: { about: 'Port of the host.', shape: scalar },
  host_ip: { about: 'Address of the host. Default: the `publish` of the host.', shape: scalar },
  protocol: { about: '`tcp` (the default), `udp` or `sctp`.', shape: scalar },
  mode: { about: '`host` or `ingress`; both mean the same here.', shape: scalar },
};

const mount: Keys = {
  type: { about: '`bind` or `volume`.', shape: scalar },
  source: { about: 'An absolute path of the host, or the name of a volume.', shape: scalar },
  target: { about: 'Path in the container.', shape: scalar },
  read_only: { about: 'Whether the container may only read.', shape: scalar },
  bind: {
    about: '`create_host_path: false` as in Compose. A missing folder is never made.',
    shape: { kind: 'keys', keys: { create_host_path: { about: 'Has no effect.', shape: scalar } } },
  },
  volume: { about: 'Takes no keys.', shape: { kind: 'keys', keys: {} } },
};

const device: Keys = {
  source: { about: 'Path on the host.', shape: scalar },
  target: { about: 'Path in the container. Default: the same.', shape: scalar },
  permissions: { about: 'Some of `r`, `w` and `m`. Default: all.', shape: scalar },
};

const healthcheck: Keys = {
  test: {
    about: 'A command line for the shell, or a list that begins with `CMD`, `CMD-SHELL` or `NONE`.',
    shape: scalarOrList,
    nullable: true,
  },
  interval: { about: 'Time between two checks, such as `30s`.', shape: scalar },
  timeout: { about: 'Longest time of a check.', shape: scalar },
  retries: { about: 'Failures in a row that make a container unhealthy.', shape: scalar },
  start_period: { about: 'Time in which failures do not count.', shape: scalar },
  start_interval: { about: 'Time between two checks in the start period; needs Docker Engine 25.', shape: scalar },
  disable: { about: "`true` turns off the image's own health check.", shape: scalar },
};

const limits: Keys = {
  cpus: { about: 'The same as `cpus` of the service.', shape: scalar },
  memory: { about: 'The same as `mem_limit`.', shape: scalar },
  pids: { about: 'The same as `pids_limit`.', shape: scalar },
};

const verify: Keys = {
  scheme: { about: '`http` (the default) or `https`.', shape: scalar },
  host: { about: 'The `Host` header.', shape: scalar },
  port: { about: "The container's port. Default: the only published one.", shape: scalar },
  path: { about: 'Path of the question, such as `/api/v1/version`.', shape: scalar },
  headers: { about: 'More headers of the request.', shape: { kind: 'named', of: scalar } },
  json: { about: 'JSON pointer to the version in the answer.', shape: scalar },
  header: { about: 'Header of the answer that has the version.', shape: scalar },
  body: { about: '`regex:…`, whose first group is the version.', shape: scalar },
  expect: { about: '`tag` (the default), `commit`, `version`, or the text itself.', shape: scalar },
};

/** The keys of a service, in the order in which they are written. */
export const serviceKeys: Keys = {
  image: { about: "May name the service's repository. A tag or digest there has no effect.", shape: scalar },
  entrypoint: {
    about: "Replaces the image's entrypoint. A text is split like a command line.",
    shape: scalarOrList,
    nullable: true,
  },
  command: {
    about: "Replaces the image's command. A text is split like a command line.",
    shape: scalarOrList,
    nullable: true,
  },
  user: { about: 'User and group, such as `1000:1000`.', shape: scalar },
  group_add: { about: 'More groups.', shape: scalars },
  working_dir: { about: 'Folder in which the command starts.', shape: scalar },
  hostname: { about: 'Name of the host inside of the container.', shape: scalar },
  environment: {
    about: 'Variables of the process. `NAME` without a value takes the variable of that name.',
    shape: keyValues,
  },
  labels: { about: 'Labels of the container. Those that begin with `dev.slipway.` are reserved.', shape: keyValues },
  ports: {
    about: 'Published ports, one by one: `[address:][host port:]container port[/protocol]`, or the long form.',
    shape: { kind: 'list', of: { kind: 'shortOrLong', long: { kind: 'keys', keys: port, refused: refusedOfPort } } },
  },
  network_mode: { about: '`bridge` (the default), `host` or `none`.', shape: scalar },
  extra_hosts: { about: 'More host names: `name=address`.', shape: keyValues },
  dns: { about: 'Addresses of name servers.', shape: scalarOrList },
  volumes: {
    about: 'Absolute folders of the host and named volumes: `source:target[:ro]`, or the long form.',
    shape: { kind: 'list', of: { kind: 'shortOrLong', long: { kind: 'keys', keys: mount, refused: refusedOfMount } } },
  },
  tmpfs: { about: 'Folders in memory: `path[:options]`.', shape: scalarOrList },
  read_only: { about: "Whether the container's own files are read-only.", shape: scalar },
  shm_size: { about: 'Size of `/dev/shm`.', shape: scalar },
  devices: {
    about: 'Devices of the host: `path[:path in the container[:permissions]]`, or the long form.',
    shape: { kind: 'list', of: { kind: 'shortOrLong', long: { kind: 'keys', keys: device } } },
  },
  privileged: { about: 'All rights on the host.', shape: scalar },
  cap_add: { about: 'More capabilities.', shape: scalars },
  cap_drop: { about: 'Fewer capabilities.', shape: scalars },
  security_opt: { about: 'Options of SELinux, AppArmor and seccomp.', shape: scalars },
  sysctls: { about: 'Kernel parameters of the container.', shape: keyValues },
  ulimits: {
    about: 'Limits of processes: a number, or `soft` and `hard`. -1 is no limit.',
    shape: {
      kind: 'named',
      of: {
        kind: 'shortOrLong',
        long: {
          kind: 'keys',
          keys: {
            soft: { about: 'The soft limit.', shape: scalar },
            hard: { about: 'The hard limit.', shape: scalar },
          },
        },
      },
    },
  },
  init: { about: 'Whether an init process reaps zombies and passes signals on. Default: `true`.', shape: scalar },
  restart: { about: '`always` (the default), `unless-stopped`, `on-failure[:retries]` or `no`.', shape: scalar },
  stop_signal: { about: 'Signal that stops the service.', shape: scalar },
  stop_grace_period: { about: 'Time to stop in before the service is killed. Default: `10s`.', shape: scalar },
  healthcheck: {
    about: 'How the engine finds out whether the service is healthy.',
    shape: { kind: 'keys', keys: healthcheck },
  },
  logging: {
    about: 'Where the output goes. Default: `json-file`, three files of 10 MB.',
    shape: {
      kind: 'keys',
      keys: {
        driver: { about: 'Name of the log driver.', shape: scalar },
        options: { about: 'Options of the log driver.', shape: { kind: 'named', of: scalar } },
      },
    },
  },
  mem_limit: { about: "Memory. Default: the environment's `defaults`, or 8 GiB.", shape: scalar },
  memswap_limit: { about: 'Memory and swap together. Default: no additional swap. -1 is no limit.', shape: scalar },
  cpus: { about: 'Number of CPUs, such as `1.5`.', shape: scalar },
  pids_limit: { about: 'Number of processes. -1 is no limit.', shape: scalar },
  oom_score_adj: { about: 'From -1000 to 1000: who is killed first when memory is short.', shape: scalar },
  deploy: {
    about: 'Only `resources.limits`.',
    shape: {
      kind: 'keys',
      refused: refusedOfDeploy,
      keys: {
        resources: {
          about: 'Only `limits`.',
          shape: {
            kind: 'keys',
            refused: { reservations: 'Set limits; nothing is reserved on a host.' },
            keys: {
              limits: {
                about: 'The same limits as those of the service; where both are set they have to be equal.',
                shape: { kind: 'keys', keys: limits },
              },
            },
          },
        },
      },
    },
  },
  'x-slipway': {
    about: "Slipway's own settings.",
    shape: {
      kind: 'keys',
      keys: {
        verify: { about: 'How to ask a container which version it runs.', shape: { kind: 'keys', keys: verify } },
      },
    },
  },
};

const service: Shape = { kind: 'keys', keys: serviceKeys, refused: refusedOfService, open: true };

const volume: Shape = {
  kind: 'keys',
  refused: refusedOfVolume,
  keys: {
    name: { about: 'Another name than the key.', shape: scalar },
    external: { about: '`true`: the volume has this very name, and exists already.', shape: scalar },
  },
};

/** A whole run file. */
export const runFileShape: Shape = {
  kind: 'keys',
  open: true,
  refused: refusedOfTop,
  keys: {
    services: { about: 'Exactly one service.', shape: { kind: 'named', of: service } },
    volumes: { about: 'The named volumes that the service uses.', shape: { kind: 'named', of: volume } },
    name: { about: 'Has no effect; a warning says so.', shape: anything },
    version: { about: 'Has no effect; a warning says so.', shape: anything },
  },
};

/** One row of the reference: the path of a key, with `NAME` and `[]` for what the author chooses, and what it does. */
export interface KeyReference {
  readonly path: string;
  readonly about: string;
}

/** Every supported key with its description. */
export function keyReference(shape: Shape = runFileShape, path = ''): readonly KeyReference[] {
  if (shape.kind === 'list') return keyReference(shape.of, `${path}[]`);
  if (shape.kind === 'named') return keyReference(shape.of, `${path}.NAME`);
  if (shape.kind === 'shortOrLong') return keyReference(shape.long, path);
  if (shape.kind !== 'keys') return [];
  return Object.entries(shape.keys).flatMap(([key, { about, shape: below }]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return [{ path: here, about }, ...keyReference(below, here)];
  });
}
