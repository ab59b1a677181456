import type * as vscode from 'vscode';
import type { FromWebviewMessage, ToWebviewMessage } from '../../protocol.ts';
import type { Session } from '../session/session.ts';

/** A message of the page of one kind. */
type PageMessage<Type extends FromWebviewMessage['type']> = Extract<FromWebviewMessage, { type: Type }>;

type Handler = (session: Session, message: never) => Promise<unknown>;

/** What pages ask for beyond their own session, such as an export: each feature says what it does about its kind of message. */
export class PageRequests {
  readonly #handlers = new Map<FromWebviewMessage['type'], Handler>();
  readonly #answers = new Map<FromWebviewMessage['type'], Handler>();

  /** Does something about a kind of message. */
  on<Type extends FromWebviewMessage['type']>(
    type: Type,
    handle: (session: Session, message: PageMessage<Type>) => Promise<unknown>,
  ): void {
    this.#handlers.set(type, handle);
  }

  /** Makes the message that the page waits for, if it does. */
  answer<Type extends FromWebviewMessage['type']>(
    type: Type,
    make: (session: Session, message: PageMessage<Type>) => Promise<ToWebviewMessage | undefined>,
  ): void {
    this.#answers.set(type, make);
  }

  /** Does what a message asks for, and resolves to its answer if there is one; rejects as that does. */
  async handle(session: Session, message: FromWebviewMessage): Promise<ToWebviewMessage | undefined> {
    await this.#handlers.get(message.type)?.(session, message as never);
    return (await this.#answers.get(message.type)?.(session, message as never)) as ToWebviewMessage | undefined;
  }
}

/** Sends a message; a page that has gone has nothing to be told. */
export function post(webview: vscode.Webview | undefined, message: ToWebviewMessage): void {
  void webview?.postMessage(message);
}
