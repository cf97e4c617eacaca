import { furtherSettings } from '../../../../src/hosts/specification/further-settings.js';

/** What an engine shows of a plain container, besides what parameters hold. */
const plain = {
  Config: { Tty: false, Domainname: '', AttachStdout: true, OnBuild: null, Image: 'x' },
  HostConfig: {
    NetworkMode: 'default',
    IpcMode: 'private',
    Runtime: 'runc',
    CgroupnsMode: 'private',
    ConsoleSize: [0, 0],
    MaskedPaths: ['/proc/acpi'],
    CpuShares: 0,
    BlkioDeviceReadBps: null,
    DeviceRequests: [],
    MemorySwappiness: null,
    Binds: ['/a:/b:ro', 'data:/c'],
    Mounts: [{ Type: 'bind', Source: '/a', Target: '/d', BindOptions: {} }],
  },
  NetworkSettings: { Networks: { bridge: {} } },
};

test('a plain container has none', () => {
  expect(furtherSettings(plain)).toEqual([]);
});

test.each([
  ['Config.Tty', { Config: { Tty: true } }],
  ['HostConfig.CpuShares', { HostConfig: { CpuShares: 512 } }],
  ['HostConfig.AutoRemove', { HostConfig: { AutoRemove: true } }],
  ['HostConfig.DeviceRequests', { HostConfig: { DeviceRequests: [{ Count: -1 }] } }],
  ['HostConfig.IpcMode', { HostConfig: { IpcMode: 'host' } }],
  ['HostConfig.Runtime', { HostConfig: { Runtime: 'nvidia' } }],
  ['HostConfig.FutureSetting', { HostConfig: { FutureSetting: 'x' } }],
  ['HostConfig.NetworkMode shop_net', { HostConfig: { NetworkMode: 'shop_net' } }],
  [
    'NetworkSettings.Networks other',
    { HostConfig: { NetworkMode: 'bridge' }, NetworkSettings: { Networks: { bridge: {}, other: {} } } },
  ],
  ['HostConfig.Mounts /t', { HostConfig: { Mounts: [{ Type: 'tmpfs', Target: '/t' }] } }],
  [
    'HostConfig.Mounts /d',
    { HostConfig: { Mounts: [{ Type: 'bind', Target: '/d', BindOptions: { Propagation: 'rshared' } }] } },
  ],
  ['HostConfig.Binds /a:/b:rw,z', { HostConfig: { Binds: ['/a:/b:rw,z'] } }],
])('%s is one', (name, seen) => {
  expect(furtherSettings(seen)).toEqual([name]);
});
