/** What the numbers were measured on. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

const tool = (...command) => {
  try {
    return execFileSync(command[0], command.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

export function describeMachine(root, folder) {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('-')[0]}`,
    fileSystem: tool('stat', '-f', '-c', '%T', folder),
    compiler: tool('c++', '--version').split('\n')[0],
    node: process.version,
    version: readFileSync(`${root}/VERSION`, 'utf8').trim(),
    commit: tool('git', '-C', root, 'describe', '--always', '--dirty', '--exclude=*'),
    date: new Date().toISOString().slice(0, 10),
  };
}
