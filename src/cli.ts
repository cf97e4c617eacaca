#!/usr/bin/env node
/** `slipway`: commands that work with a configuration on this machine, and commands that ask a server. */

const local = ['serve', 'check', 'backup', 'restore'];
/** Commands that a server answers unless they are given something of this machine. */
const either = ['plan', 'graph', 'compose'];
const ofThisMachine = /^--(config|from-container)(=|$)/;

const isLocal = ([command = '', ...words]: readonly string[]): boolean =>
  local.includes(command) || (either.includes(command) && words.some((word) => ofThisMachine.test(word)));

// Also for git's files: only their owner may read what is written.
process.umask(0o077);

// A pipe that is closed, as by `head`, ends the program without a word.
process.stdout.on('error', () => process.exit());

const words = process.argv.slice(2);
if (isLocal(words)) {
  const { runLocal } = await import('./cli/local.js');
  process.exitCode = await runLocal(words);
} else {
  const { runProgram } = await import('./cli/program.js');
  const { systemClock } = await import('./system-clock.js');
  const { stdin, stdout, stderr, env } = process;
  process.exitCode = await runProgram(
    words.length === 0 ? ['--help'] : words,
    { stdin, stdout, stderr, env },
    systemClock,
  );
  if (words.length === 0) process.exitCode = 2;
}
