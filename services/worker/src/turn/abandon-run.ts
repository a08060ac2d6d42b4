import { parseConversationId } from "@gateway/conversation";
import type { ActiveTurn, TurnDeps } from "./turn-deps.ts";

/**
 * Before a turn ends without its agent: what an earlier attempt left running elsewhere is stopped. Never rejects; a run
 * that cannot be stopped ends by itself.
 */
export async function abandonRun(
  { app, conversation, id }: Pick<ActiveTurn, "app" | "conversation" | "id">,
  deps: Pick<TurnDeps, "checkpoints" | "logger">,
): Promise<void> {
  const { runner } = app;
  if (runner.abandon === undefined) return;
  try {
    const place = { conversation, turnId: id, runner: runner.kind, epoch: 0 };
    const { run } = await deps.checkpoints.read(place);
    if (run === undefined) return;
    const ref = { ...parseConversationId(conversation), id: conversation };
    await runner.abandon({ id, conversation: ref, checkpoint: run });
  } catch (error) {
    deps.logger.warn({ turnId: id, err: error }, "an abandoned run could not be stopped");
  }
}
