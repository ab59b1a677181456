import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { describeUpload, totalSize, type UploadedFile } from '../../core/request/uploadList.ts';
import { Job } from '../../engine/sending/job.ts';
import type { Sender } from '../../engine/sending/sender.ts';

type Files = Pick<Sender, 'listUploads' | 'deleteUpload'>;

interface Item extends vscode.QuickPickItem {
  file?: UploadedFile;
  action?: 'deleteAll';
}

/** Shows the files that were uploaded and lets the user delete them. From code: resolves to the list, and shows nothing. */
export async function manageUploads(sender: Files, fromCode: boolean): Promise<UploadedFile[] | undefined> {
  if (fromCode) return sender.listUploads(new Job());
  await new UploadPicker(sender).show();
  return undefined;
}

/** A list that stays open while files are deleted from it. */
class UploadPicker {
  readonly #sender: Files;
  readonly #job = new Job();
  readonly #picker = vscode.window.createQuickPick<Item>();
  #files: UploadedFile[] = [];
  #isAsking = false;

  constructor(sender: Files) {
    this.#sender = sender;
  }

  /** Resolves when the list is closed; rejects with what went wrong. */
  async show(): Promise<void> {
    const picker = this.#picker;
    picker.title = t('Uploaded Files');
    picker.placeholder = t('Files that Gemini keeps for this key. Enter deletes the chosen one.');
    try {
      await new Promise<void>((resolve, reject) => {
        const attempt = (work: () => Promise<void>) => void this.#busy(work).catch(reject);
        picker.onDidHide(() => this.#isAsking || resolve());
        picker.onDidTriggerItemButton(({ item }) => attempt(async () => item.file && this.#delete([item.file])));
        picker.onDidAccept(() => {
          const [item] = picker.selectedItems;
          if (item !== undefined) attempt(() => this.#chosen(item));
        });
        picker.show();
        attempt(async () => {
          this.#files = await this.#sender.listUploads(this.#job);
        });
      });
    } finally {
      this.#job.cancel();
      picker.dispose();
    }
  }

  /** One thing at a time. */
  async #busy(work: () => Promise<void>): Promise<void> {
    if (this.#picker.busy) return;
    this.#picker.busy = true;
    try {
      await work();
    } finally {
      this.#picker.busy = false;
      this.#picker.title = this.#files.length === 0 ? t('Uploaded Files') : `${t('Uploaded Files')} · ${totalSize(this.#files)}`;
      this.#picker.items = itemsOf(this.#files);
    }
  }

  async #chosen({ file, action }: Item): Promise<void> {
    // The question closes the list, which comes back after it.
    this.#isAsking = true;
    const chosen = file !== undefined ? await askForOne(file) : action === 'deleteAll' ? await askForAll(this.#files) : [];
    this.#isAsking = false;
    this.#picker.show();
    await this.#delete(chosen);
  }

  async #delete(files: readonly UploadedFile[]): Promise<void> {
    for (const file of files) {
      await this.#sender.deleteUpload(this.#job, file.name);
      this.#files = this.#files.filter(({ name }) => name !== file.name);
    }
  }
}

/** The files of this extension before those of others: what is deleted here may be missed there. */
function itemsOf(files: readonly UploadedFile[]): Item[] {
  if (files.length === 0) return [{ label: t('No uploaded files'), alwaysShow: true }];
  const group = (label: string, fromHere: boolean): Item[] => {
    const items = files.filter((file) => file.fromHere === fromHere).map(itemOf);
    return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
  };
  return [
    ...group(t('uploaded from here'), true),
    ...group(t('others of this key'), false),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: `$(trash) ${t('Delete All…')}`, action: 'deleteAll', alwaysShow: true },
  ];
}

function itemOf(file: UploadedFile): Item {
  const buttons = [{ iconPath: new vscode.ThemeIcon('trash'), tooltip: t('Delete') }];
  return { label: titleOf(file), description: describeUpload(file, Date.now()), buttons, file };
}

function titleOf({ displayName, name }: UploadedFile): string {
  return sanitizeForUi(displayName) || sanitizeForUi(name);
}

async function askForOne(file: UploadedFile): Promise<UploadedFile[]> {
  const button = { title: t('Delete') };
  const message = t('Delete {0} from the files that Gemini keeps?', titleOf(file));
  return (await vscode.window.showWarningMessage(message, { modal: true, detail: keptHere() }, button)) === button ? [file] : [];
}

/** Files of other programs are named, and can be left alone. */
async function askForAll(files: readonly UploadedFile[]): Promise<readonly UploadedFile[]> {
  const own = files.filter(({ fromHere }) => fromHere);
  const all = { title: t('Delete All'), files };
  const ours = { title: t('Delete Those Uploaded from Here'), files: own };
  const isMixed = own.length > 0 && own.length < files.length;
  const foreign =
    own.length === files.length ? '' : t('Not uploaded from here: {0}. Other programs may use them.', files.length - own.length);
  const message = files.length === 1 ? t('Delete 1 uploaded file?') : t('Delete {0} uploaded files?', files.length);
  const detail = [foreign, keptHere()].filter((line) => line !== '').join('\n');
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...(isMixed ? [ours, all] : [all]));
  return chosen?.files ?? [];
}

function keptHere(): string {
  return t('Images on this computer and results stay. An image that is needed again is uploaded again.');
}
