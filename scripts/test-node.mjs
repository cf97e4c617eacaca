/**
 * `npm run test:node -- 24`: the unit and contract tests on another version of Node, or on each that is tested where none is named. The binary
 * comes from the npm registry. What follows the version goes to Jest.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './parts.mjs';

const tested = ['22', '24', '26'];
const projects = ['unit', 'limits', 'contracts'];

const isVersion = (word) => /^\d+(\.\d+){0,2}$/.test(word ?? '');
const [first, ...rest] = process.argv.slice(2);
const versions = isVersion(first) ? [first] : tested;
const words = isVersion(first) ? rest : process.argv.slice(2);

function run(program, args) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  return status === 0;
}

/** Path of the binary. The package `node` names one package for each system and processor, which has nothing but its binary. */
function binaryOf(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules/.cache/node', version);
  const binary = join(folder, 'node_modules', name, 'bin/node');
  const words = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`];
  if (!existsSync(binary) && !run('npm', ['install', ...words])) throw new Error(`Node ${version} cannot be had.`);
  return binary;
}

function passesOn(version) {
  const binary = binaryOf(version);
  run(binary, ['--version']);
  const flags = ['--experimental-vm-modules', '--no-warnings'];
  return run(binary, [...flags, 'node_modules/jest/bin/jest.js', '--selectProjects', ...projects, ...words]);
}

try {
  ensureInstalled(console.log);
  ensureBuilt(console.log);
  const failing = versions.filter((version) => !passesOn(version));
  console.log(failing.length > 0 ? `Fails on Node ${failing.join(', ')}.` : `Passes on Node ${versions.join(', ')}.`);
  process.exitCode = failing.length > 0 ? 1 : 0;
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
