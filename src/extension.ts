import * as vscode from 'vscode';
import { setTranslations } from './core/base/l10n.ts';
import type { UriLike } from './core/request/commandArguments.ts';
import type { MediaResolution, TokenEstimate } from './core/usage/tokens.ts';
import { registerAgents } from './host/agents/register.ts';
import { registerBadges } from './host/badges/register.ts';
import { toUri } from './host/base/activeImage.ts';
import { registerBasics } from './host/base/register.ts';
import { registerChecking } from './host/checking/register.ts';
import { registerClipboard } from './host/clipboard/register.ts';
import { registerOtherImages, registerTasks, registerUploads } from './host/commands/register.ts';
import { registerDifference } from './host/difference/register.ts';
import { registerDocuments } from './host/documents/register.ts';
import { registerEditing } from './host/editing/register.ts';
import { registerInspector } from './host/editor/register.ts';
import { registerExport } from './host/export/register.ts';
import { registerLabels } from './host/labels/register.ts';
import { registerPasted } from './host/pasted/register.ts';
import { registerSegmenting } from './host/segmenting/register.ts';
import { registerSets } from './host/sets/register.ts';
import { registerSourceControl } from './host/sourceControl/register.ts';
import { createServices } from './host/start/services.ts';
import { registerUsage } from './host/status/register.ts';
import { registerTrying } from './host/trying/register.ts';

/** What `activate` returns to other extensions. */
export interface ImageInspectorApi {
  /** Image tokens only, by the user's model and resolution where none are given. Sends nothing. */
  estimateTokens(
    image: vscode.Uri | { width: number; height: number },
    options?: { model?: string; mediaResolution?: MediaResolution },
  ): Promise<TokenEstimate>;
}

/** The parts of the extension. */
export function activate(context: vscode.ExtensionContext): ImageInspectorApi {
  setTranslations(vscode.l10n.bundle);
  const services = createServices(context);
  registerBasics(services);
  registerTasks(services);
  registerExport(services);
  registerChecking(services);
  registerSegmenting(services);
  registerClipboard(services);
  registerDifference(services);
  registerEditing(services);
  registerLabels(services);
  registerSourceControl(services);
  registerTrying(services);
  registerUploads(services);
  context.subscriptions.push(
    registerBadges(services),
    registerInspector(services),
    registerUsage(services),
    registerOtherImages(services),
    registerPasted(services),
    registerSets(services),
    registerAgents(services),
    registerDocuments(services),
  );
  const { usage } = services;
  return {
    estimateTokens: async (image, options = {}) => (await usage()).estimate('width' in image ? image : toUri(image as UriLike), options),
  };
}
