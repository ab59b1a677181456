import { html, LitElement, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import { toolButton } from '../../widgets/toolButton.ts';

/** Keys, and what they do. */
type Row = readonly [keys: readonly string[], what: string];

/** Every key of the page by groups, as they come; letters are keybindings of VS Code and can be changed there. */
function keyGroups(): readonly { title: string; rows: readonly Row[] }[] {
  return [
    {
      title: t('Task'),
      rows: [
        [['1', '2', '3', '4', '5', '6'], t('choose Describe, Read Text, Classify, Detect, Segment, Ask')],
        [['Q'], t('go to the prompt')],
        [['Enter'], t('in the prompt: run')],
        [['Shift+Enter'], t('in the prompt: new line')],
        [['ArrowUp'], t('in the empty prompt: the last prompt')],
        [['R'], t('choose a region to send')],
        [['Shift'], t('held while dragging on the picture: draw a region')],
        [['W'], t('what is sent')],
        [['Y', 'Shift+Y'], t('earlier and later run')],
        [['E'], t('export')],
        [['Ctrl+V'], t('open the image in the clipboard')],
      ],
    },
    {
      title: t('Objects'),
      rows: [
        [['ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'], t('in the list: move the selection')],
        [['ArrowLeft', 'ArrowRight'], t('in the list: fold and unfold a group')],
        [['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], t('on the picture: nearest object, or move the picture')],
        [['N', 'Shift+N'], t('next and previous object in reading order')],
        [['T'], t('next object at the same place')],
        [['Enter'], t('zoom to the selection, and back')],
        [['Shift+Enter'], t('ask about the selection')],
        [['Delete', 'Ctrl+Z'], t('hide the selection, undo')],
        [['Ctrl+C'], t('copy label and box')],
        [['F', 'Ctrl+F'], t('filter')],
        [['Shift+F10'], t('menu of the selection')],
      ],
    },
    {
      title: t('Correct Objects'),
      rows: [
        [['C'], t('begin and end correcting objects')],
        [['Tab', 'Shift+Tab'], t('next and previous object')],
        [['ArrowRight', 'Ctrl+ArrowRight'], t('move by 1 pixel, by 10')],
        [['Shift+ArrowRight', 'Ctrl+Shift+ArrowRight'], t('resize by 1 pixel, by 10')],
        [['Enter', 'F2'], t('change the label')],
        [['A', 'Insert'], t('add an object')],
        [['Delete'], t('delete the object')],
        [['Space'], t('accept the object')],
        [['Ctrl+Z', 'Ctrl+Shift+Z', 'Ctrl+Y'], t('undo, redo')],
        [['Ctrl+S'], t('save as a result of its own')],
      ],
    },
    {
      title: t('View'),
      rows: [
        [['+', '-', '0', 'Z'], t('zoom in, out, fit, 100 % and back')],
        [['9', '8'], t('fit width, fit height')],
        [['Shift+ArrowRight'], t('move the picture far')],
        [['M', 'B', 'L', 'O'], t('show masks, boxes, labels, points')],
        [['H'], t('hold: hide everything over the image')],
        [['A'], t('appearance')],
        [['G'], t('token grid')],
        [['P', 'J'], t('panel, raw reply')],
        [['X', 'Shift+X'], t('next and previous image of the set')],
        [['Shift+A', 'Shift+R'], t('accept and reject the image of the set')],
        [['U'], t('back to the set')],
        [['V'], t('compare runs')],
        [[',', '.', '/'], t('comparing: only run A, only run B, both')],
        [['K'], t('hold, comparing: one after the other')],
        [['N', 'Shift+N'], t('in Difference: next and previous changed region')],
        [['Esc'], t('one step back')],
        [['?'], t('this overview of keys')],
      ],
    },
  ];
}

/** All keys in one dialog over the page. Raises `change-keys`. */
export class ShortcutsDialog extends LitElement {
  static override properties = { open: { state: true } };
  declare private open: boolean;

  constructor() {
    super();
    this.open = false;
  }

  protected override createRenderRoot() {
    return this;
  }

  async show(): Promise<void> {
    this.open = true;
    await this.updateComplete;
    const dialog = this.#dialog;
    if (dialog.open) return;
    dialog.showModal();
    // Enter on the first button would leave the page.
    dialog.querySelector<HTMLElement>('.keys-title .tool')?.focus();
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector('dialog') as HTMLDialogElement;
  }

  protected override render(): TemplateResult {
    return html`<dialog class="shortcuts-dialog float" data-testid="keys" aria-label=${t('Keyboard Shortcuts')} @keydown=${(event: KeyboardEvent) => event.stopPropagation()} @close=${() => {
      this.open = false;
    }}>${this.open ? this.#content() : ''}</dialog>`;
  }

  #content(): TemplateResult {
    return html`<div class="keys-title"><h2 class="grow">${t('Keyboard Shortcuts')}</h2>
        <button type="button" class="button secondary" @click=${() => this.dispatchEvent(new CustomEvent('change-keys'))}>${t('Change Keys…')}</button>
        ${toolButton({ icon: 'close', title: t('Close'), click: () => this.#dialog.close() })}</div>
      <div class="keys-groups">${keyGroups().map(
        ({ title, rows }) =>
          html`<section><h3>${title}</h3><dl>${rows.map(([keys, what]) => html`<dt>${keys.map((key) => html`<kbd>${shown(key)}</kbd>`)}</dt><dd>${what}</dd>`)}</dl></section>`,
      )}</div>`;
  }
}

const SIGNS: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };

function shown(key: string): string {
  return key.replace(/Arrow\w+/, (arrow) => SIGNS[arrow] ?? arrow);
}

customElements.define('shortcuts-dialog', ShortcutsDialog);
