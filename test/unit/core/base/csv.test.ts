import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvTable } from '../../../../src/core/base/csv.ts';

test('rows end as RFC 4180 has it, and what separates cells is quoted', () => {
  assert.equal(
    csvTable([
      ['a', 1],
      ['b,"c"', -0.5],
      ['two\nlines', ''],
    ]),
    'a,1\r\n"b,""c""",-0.5\r\n"two\nlines",\r\n',
  );
});

test('no text is a formula to a spreadsheet, whichever sign it begins with; a negative number stays one', () => {
  for (const sign of ['=', '+', '-', '@', '\t', '＝', '＋', '－', '＠']) assert.equal(csvTable([[`${sign}1`]]), `'${sign}1\r\n`, sign);
  for (const sign of ['\r', '\n']) assert.equal(csvTable([[`${sign}=1`]]), `"'${sign}=1"\r\n`);
  assert.equal(csvTable([[-1]]), '-1\r\n');
});
