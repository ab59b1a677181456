import * as vscode from 'vscode';
import type { DebugVariable } from '../../core/request/commandArguments.ts';

/** The whole value of a debugger's variable: what is listed of it may be cut, so the debugger is asked as for Copy Value. */
export async function variableText({ sessionId, value, evaluateName }: DebugVariable): Promise<string> {
  const session = vscode.debug.activeDebugSession;
  if (evaluateName === undefined || session?.id !== sessionId) return value;
  const item = vscode.debug.activeStackItem;
  const frame = item instanceof vscode.DebugStackFrame ? { frameId: item.frameId } : {};
  try {
    const { result } = await session.customRequest('evaluate', { expression: evaluateName, context: 'clipboard', ...frame });
    return typeof result === 'string' ? result : value;
  } catch {
    return value;
  }
}
