import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import { assertHasPlaces, pastedInspection } from '../../core/pasted/pastedInspection.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { unsentImage } from '../../engine/files/imageInfo.ts';
import { imagesOf, openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';
import { chooseImage } from './chooseImage.ts';
import { type ReplyText, selectedReply } from './selectedReply.ts';
import { variableText } from './variable.ts';

/** What drawing a reply takes. */
export interface PastedServices {
  files: VscodeImageFiles;
  editors: InspectorEditors;
  store: InspectionStore;
}

/** Draws replies that were not asked for here, and keeps them as results of their image. Nothing is sent. */
export class PastedReplies {
  readonly #services: PastedServices;

  constructor(services: PastedServices) {
    this.#services = services;
  }

  /** From code the reply that is given, on the image that is given; else what is selected, on an image that the user chooses. Rejects with `unreadableFile` where there is nothing to draw. */
  async show(call: CommandCall): Promise<Inspection | undefined> {
    if (!call.fromCode) return this.#showOnChosen(selectedReply());
    const reply = typeof call.options.reply === 'string' ? call.options.reply : '';
    assertHasPlaces(reply);
    const [uri] = (await imagesOf(this.#services.files, call)).uris;
    if (uri === undefined) return undefined;
    const inspection = await this.#add(uri, reply);
    if (call.options.reveal === true) (await openInspector(this.#services.editors, uri, { preview: false })).show(inspection.id);
    return inspection;
  }

  async showClipboard(): Promise<Inspection | undefined> {
    const document = vscode.window.activeTextEditor?.document.uri;
    return this.#showOnChosen({
      text: await vscode.env.clipboard.readText(),
      before: '',
      ...(document === undefined ? {} : { document }),
    });
  }

  async showVariable({ variable }: CommandCall): Promise<Inspection | undefined> {
    const document = vscode.window.activeTextEditor?.document.uri;
    const text = variable === undefined ? '' : await variableText(variable);
    return this.#showOnChosen({ text, before: '', ...(document === undefined ? {} : { document }) });
  }

  /** Nobody has to choose an image for a text that cannot be drawn. */
  async #showOnChosen(reply: ReplyText): Promise<Inspection | undefined> {
    assertHasPlaces(reply.text);
    const uri = await chooseImage(reply);
    if (uri === undefined) return undefined;
    const inspection = await this.#add(uri, reply.text);
    const scheme = vscode.window.activeTextEditor?.document.uri.scheme;
    // An output channel stands in the panel, and nothing opens beside it.
    const isText = scheme !== undefined && scheme !== 'output';
    const show = isText ? { viewColumn: vscode.ViewColumn.Beside, preview: false } : { preview: false };
    (await openInspector(this.#services.editors, uri, show)).show(inspection.id);
    return inspection;
  }

  async #add(uri: vscode.Uri, reply: string): Promise<Inspection> {
    const { files, store } = this.#services;
    const image = await unsentImage(files, uri.toString());
    const inspection = pastedInspection(reply, { id: randomUUID(), createdAt: new Date().toISOString(), image });
    await store.add(inspection);
    return inspection;
  }
}
