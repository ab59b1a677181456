import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import { listMissing, writeMissing } from '../../../src/cli/checkCommand.ts';
import { type CheckCommand, readCommandLine } from '../../../src/cli/cliArguments.ts';
import type { Program } from '../../../src/cli/program.ts';
import { Terminal } from '../../../src/cli/terminal.ts';

function command(...args: string[]): CheckCommand {
  const read = readCommandLine(['check', ...args]);
  assert.equal(read.kind, 'check');
  return read as CheckCommand;
}

function terminal() {
  const output = new PassThrough();
  const errors = new PassThrough();
  return {
    made: new Terminal({ input: new PassThrough(), output, errors }),
    output: () => String(output.read() ?? ''),
    errors: () => String(errors.read() ?? ''),
  };
}

suite('check --alt', () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  const page = join(folder, 'page.md');
  const text = '# Barns\n\n![](a.png) and <img src="a.png"> and ![b](b.png) <img src="c.png" alt="">\n';
  writeFileSync(join(folder, 'a.png'), 'pixels');

  test('lists what is missing, as text and as SARIF, and ends with 1', async () => {
    writeFileSync(page, text);
    const plain = terminal();
    assert.equal(await listMissing(command(folder, '--alt'), plain.made), 1);
    const lines = plain.output().trim().split('\n');
    assert.deepEqual(
      lines.map((line) => line.replace(/^.*page\.md:/, '')),
      ['3:1: no alt text: a.png', '3:16: no alt text: a.png'],
    );
    const report = terminal();
    await listMissing(command(folder, '--alt', '--format', 'sarif'), report.made);
    const { version, runs } = JSON.parse(report.output());
    assert.equal(version, '2.1.0');
    assert.deepEqual(runs[0].results[1].locations[0].physicalLocation.region, { startLine: 3, startColumn: 16, endLine: 3, endColumn: 33 });
    writeFileSync(page, text.replaceAll('![](a.png)', '').replace('<img src="a.png">', ''));
    assert.equal(await listMissing(command(page, '--alt'), terminal().made), 0);
  });

  test('what is too long to be read is named, and has not passed', async () => {
    writeFileSync(page, `# Barns\n\n${'![a](a.png) '.repeat(5000)}\n`);
    const { made, errors } = terminal();
    assert.equal(await listMissing(command(page, '--alt'), made), 1);
    assert.match(errors(), /page\.md: 1 part of this document is too long to be read\./);
  });

  test('writes it; what is in the cache is not asked for again', async () => {
    const cache = join(folder, 'cache.json');
    const calls: unknown[] = [];
    const program = {
      destination: 'https://example.com',
      rules: { isExcluded: async () => false },
      run: async (call: unknown) => {
        calls.push(call);
        return { text: 'A [red] barn.' };
      },
    } as unknown as Program;
    const write = () => {
      writeFileSync(page, text);
      return writeMissing(
        command(page, '--alt', '--write', '--yes', '--cache', cache),
        program,
        terminal().made,
        new AbortController().signal,
      );
    };
    assert.equal(await write(), 0);
    const after = readFileSync(page, 'utf8');
    assert.equal(after, text.replace('![]', '![A \\[red\\] barn.]').replace('<img src="a.png">', '<img src="a.png" alt="A [red] barn.">'));
    assert.ok(JSON.stringify(calls[0]).includes('"before":"Barns"'), JSON.stringify(calls[0]));
    const asked = calls.length;
    assert.equal(await write(), 0);
    assert.equal(calls.length, asked);
    assert.equal(readFileSync(page, 'utf8'), after);
    // Nothing is sent without a yes.
    writeFileSync(page, text.replace('Barns', 'Other words'));
    const unsure = command(page, '--alt', '--write');
    assert.equal(await writeMissing(unsure, program, terminal().made, new AbortController().signal), 3);
    assert.equal(calls.length, asked);
  });

  test('wrong usage is named', () => {
    assert.throws(() => readCommandLine(['check', 'a.md']), /--alt/);
    assert.throws(() => readCommandLine(['check', 'a.md', '--alt', '--format', 'coco']), /--format must be one of: text, sarif/);
    assert.throws(() => readCommandLine(['caption', 'a.png', '--write']), /--write belongs to the command "check"/);
  });
});
