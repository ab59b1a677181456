import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import type { SessionState } from '../../../src/protocol.ts';
import { launchChromium } from '../../tools/chromium.ts';
import { bundleWebview, InspectorPage, type PageOptions } from './inspectorPage.ts';

/** Opens a session, does something with the page, and makes sure that nothing went wrong in it. */
export type OnPage = (
  state: SessionState | undefined,
  use: (opened: InspectorPage) => Promise<void>,
  options?: PageOptions,
) => Promise<void>;

/** Pages for the tests of a file, in one browser. */
export function browserPages(): OnPage {
  let browser: Browser;
  let script: string;
  before(async () => {
    [browser, script] = await Promise.all([launchChromium(), bundleWebview()]);
  });
  after(() => browser.close());
  return async (state, use, options = {}) => {
    assert.ok(state);
    const opened = await InspectorPage.open(browser, script, state, options);
    try {
      await use(opened);
      assert.deepEqual(opened.errors, []);
    } finally {
      await opened.close();
    }
  };
}
