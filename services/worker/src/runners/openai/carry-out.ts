import type { PendingCall } from "./journal.ts";
import type { Run } from "./run.ts";
import type { BoxedTool } from "./tools/tool-box.ts";
import type { ToolOutput } from "./tools/tool-output.ts";

const CUT_OFF =
  "The gateway was restarted while this call was under way. It may or may not have taken effect: check before you make it again.";
const DENIED = "The person did not allow this call. It was not made.";
const EXPIRED = "The person did not answer in time whether this call is allowed. It was not made.";

/** Makes the calls of the last step that have no result yet, one after the other, each result durable before the next. */
export async function carryOut(run: Run): Promise<void> {
  for (const call of run.journal.pending()) {
    run.signal.throwIfAborted();
    const { output, failed } = await carryOutOne(run, call);
    run.signal.throwIfAborted();
    await run.journal.add({ type: "result", call: call.id, output, failed });
  }
}

async function carryOutOne(run: Run, call: PendingCall): Promise<ToolOutput> {
  const tool = run.box.tools.get(call.name);
  if (tool === undefined) return failure(`There is no tool "${call.name}" at the moment.`);
  if (call.isUnreadable) return failure("The arguments are no JSON object. The call was not made.");
  if (call.isBegun && !tool.isReadOnly) return failure(CUT_OFF);
  if (tool.needsApproval && !call.isBegun) {
    const refusal = await askPerson(run, call, tool);
    if (refusal !== undefined) return failure(refusal);
  }
  run.io.emit({ type: "progress", title: tool.title });
  if (!tool.isReadOnly) await run.journal.add({ type: "begun", call: call.id });
  return tool.call(call.input, run.signal);
}

async function askPerson(run: Run, call: PendingCall, { title }: BoxedTool): Promise<string | undefined> {
  const detail = JSON.stringify(call.input, undefined, 1);
  const decision = await run.deadline.without(run.io.approve({ title, detail, key: call.id }));
  run.signal.throwIfAborted();
  if (decision === "approved") return undefined;
  return decision === "denied" ? DENIED : EXPIRED;
}

function failure(output: string): ToolOutput {
  return { output, failed: true };
}
