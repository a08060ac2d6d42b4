import type { Decision } from "@gateway/conversation";
import { previewOf } from "../texts/preview.ts";
import type { Command, CommandContext } from "./command.ts";

const CODE_SHOWN = 8;
const TITLE_LIMIT = 40;

/** /approve and /deny: the person's answer to what their own agent asked in this very conversation. */
export function createDecisionCommand(name: "approve" | "deny", decision: Decision): Command {
  return {
    name,
    async run(context) {
      const { app, conversation, message, args, deps } = context;
      const typed = args.split(/\s+/u, 1)[0]?.replace(/^#/u, "") ?? "";
      const code = typed === "" ? undefined : typed;
      const decided = await deps.approvals.decide(conversation, code, decision, message.id);
      const { approval } = app.texts;
      if (decided.status === "ambiguous") return chooseOne(name, context);
      if (decided.status === "none") {
        const none =
          code === undefined ? approval.none : approval.unknownCode({ code: previewOf(code, CODE_SHOWN) });
        const others = await deps.approvals.pending(conversation);
        return code === undefined || others.length === 0
          ? none
          : `${none}\n${await chooseOne(name, context)}`;
      }
      const title = previewOf(decided.request.title, TITLE_LIMIT);
      return decision === "approved" ? approval.approved({ title }) : approval.denied({ title });
    },
  };
}

async function chooseOne(command: string, { app, conversation, deps }: CommandContext): Promise<string> {
  const { approval } = app.texts;
  const pending = await deps.approvals.pending(conversation);
  const list = pending.map(({ code, title }) =>
    approval.item({ code, title: previewOf(title, TITLE_LIMIT) }),
  );
  const [first] = pending;
  if (first === undefined) return approval.none;
  return approval.choose({ count: pending.length, command, code: first.code, list: list.join("\n") });
}
