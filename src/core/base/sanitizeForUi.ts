/** Escape sequences of terminals: CSI, and OSC where it ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const TERMINAL_ESCAPE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;

/** Line breaks, tabs and the separators of Unicode: they become a space. */
const BREAK = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** Control and format characters, such as those that turn the direction of text; the joiners of scripts and emoji are kept. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** Parts that VS Code reads as markup wherever it shows a message or a label: the middle of `[text](href)`, the start of `$(icon)`. */
const MARKUP = /\](?=\()|\$(?=\()/g;

/** Invisible, without width, and part of no markup. */
const ZERO_WIDTH_SPACE = '\u200b';

/**
 * Untrusted text (a file name, a label, words of the API) made fit for notifications, tooltips, quick picks and the status bar:
 * one line of at most `maxLength` characters that no one reads as markup and that looks as it did.
 *
 * Notifications turn `[text](command:…)` into a link that runs, labels turn `$(name)` into an icon. A backslash before the dollar is
 * honoured by some places and shown by others, and a look-alike character changes the name; so a zero-width space is put between the two
 * characters without which neither can begin. It works everywhere, since every one of these parsers wants them side by side.
 */
export function sanitizeForUi(text: string, maxLength = 120): string {
  // What is far beyond the limit need not be looked at.
  const clean = withoutControls(text.slice(0, maxLength * 8)).trim();
  const harmless = Array.from(clean.replace(MARKUP, (character) => character + ZERO_WIDTH_SPACE));
  const cut = harmless.length > maxLength || text.length > maxLength * 8;
  return cut
    ? `${harmless
        .slice(0, maxLength - 1)
        .join('')
        .trimEnd()}…`
    : harmless.join('');
}

/** The text on one line, without control characters, escape sequences and characters that change the direction of what follows. */
export function withoutControls(text: string): string {
  return text.replace(TERMINAL_ESCAPE, '').replace(BREAK, ' ').replace(INVISIBLE, '').toWellFormed();
}
