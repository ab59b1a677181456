import type { FromWebviewMessage, ToWebviewMessage } from '../../protocol.ts';
import type { Session } from '../session/session.ts';

/** A message of the page of one kind. */
type PageMessage<Type extends FromWebviewMessage['type']> = Extract<FromWebviewMessage, { type: Type }>;

type Handler = (session: Session, message: never) => Promise<ToWebviewMessage | void>;

/** What pages ask for beyond their own session, such as an export: each feature says what it does about its kind of message. */
export class PageRequests {
  readonly #handlers = new Map<FromWebviewMessage['type'], Handler>();

  /** `handle` may resolve to a message for the page that asked. */
  on<Type extends FromWebviewMessage['type']>(
    type: Type,
    handle: (session: Session, message: PageMessage<Type>) => Promise<ToWebviewMessage | void>,
  ): void {
    this.#handlers.set(type, handle as Handler);
  }

  /** Does what a message asks for; rejects as that does. */
  async handle(session: Session, message: FromWebviewMessage): Promise<ToWebviewMessage | void> {
    return this.#handlers.get(message.type)?.(session, message as never);
  }
}
