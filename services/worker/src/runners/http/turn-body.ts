import type { Turn } from "../runner.ts";

/** What the agent is sent; documented in docs/agents.md. Only additions keep the version. */
export async function turnBody(
  turn: Turn,
  extra: { readonly instructions: string; readonly callbackUrl?: string },
): Promise<string> {
  const { conversation, session, messages, attachments } = turn;
  const history = await turn.history();
  return JSON.stringify({
    version: 1,
    turnId: turn.id,
    attempt: turn.attempt,
    app: turn.appName,
    corpId: conversation.corpId,
    agentId: conversation.agentId,
    userId: conversation.userId,
    // Another one after /new: what an agent with a memory keeps it under.
    sessionId: `${conversation.id}:${session.epoch}`,
    text: turn.text,
    messages: messages.map(({ id, message }) => ({ id, type: message.kind })),
    attachments,
    history: history.map(({ user, assistant, atMs }) => ({ user, assistant, atMs })),
    ...extra,
  });
}
