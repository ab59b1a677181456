import { Writable } from 'node:stream';

/** Stands before each line of the tests' own report among all that VS Code prints. */
export const MARK = '\u2503 ';

/** A stream that hands out the marked lines without their mark and writes all lines to `log`. */
export function markedLines(show: (line: string) => void, log: Writable): Writable {
  const decoder = new TextDecoder();
  let rest = '';
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const at = line.indexOf(MARK);
        if (at >= 0) show(line.slice(at + MARK.length));
      }
      log.write(chunk, done);
    },
  });
}
