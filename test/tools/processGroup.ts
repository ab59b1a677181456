import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** A process with all its children and its throw-away folder, which end together. */
export interface ProcessGroup {
  child: ChildProcess;
  /** What it has printed so far, both streams. */
  output(): string;
  /** Ends all processes of the group and deletes the folder. */
  stop(): Promise<void>;
}

/**
 * Starts a program in a process group of its own. A guard (a small shell) waits for the end of its standard input, which comes when `stop` is called or
 * when this process dies in whatever way; then it kills the group and deletes `folder`. So nothing is left behind even after SIGKILL. Not for Windows.
 */
export function spawnGroup(command: string, args: readonly string[], options: SpawnOptions & { folder: string }): ProcessGroup {
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch((error: Error) => (output += error.message));
  // `rm` is tried twice: a process that is being killed may still write a file
  const script =
    'trap "" INT TERM HUP; cat >/dev/null; [ -z "$1" ] || kill -s KILL -- "-$1"; rm -rf -- "$2" || { sleep 1; rm -rf -- "$2"; }';
  const guard = spawn('/bin/sh', ['-c', script, 'guard', String(child.pid ?? ''), options.folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const gone = new Promise<void>((resolve) => guard.once('exit', () => resolve()));
  guard.unref();
  return {
    child,
    output: () => output,
    async stop() {
      guard.ref();
      guard.stdin.end();
      await gone;
    },
  };
}
