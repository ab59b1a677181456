import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TOOL_SPECS } from '../../../../src/core/tools/toolSpecs.ts';
import { PROJECT } from '../../../tools/project.ts';

interface ContributedTool {
  name: string;
  modelDescription: string;
  inputSchema: object;
}

test('VS Code is told the same of tools as other agents', () => {
  const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  const contributed = manifest.contributes.languageModelTools as ContributedTool[];
  const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  assert.deepEqual(
    contributed.map(({ name, modelDescription, inputSchema }) => ({ name, modelDescription, inputSchema })),
    TOOL_SPECS.map(({ name, description, input }) => ({
      name: `imageInspector_${camel(name)}`,
      modelDescription: description,
      inputSchema: JSON.parse(JSON.stringify(input)),
    })),
  );
});
