import type { Decided, Decision } from "@gateway/conversation";
import { decidedCard } from "../cards/approval-card.ts";
import { previewOf } from "../texts/preview.ts";
import type { Command, CommandContext } from "./command.ts";
import { typedWord } from "./typed-word.ts";

const CODE_SHOWN = 8;
const TITLE_LIMIT = 40;

/** /approve and /deny: the answer to what an agent asked, typed or by a card's button. */
export function createDecisionCommand(name: "approve" | "deny", decision: Decision): Command {
  return {
    name,
    async run(context) {
      const { app, conversation, args, deps, pressed } = context;
      const typed = typedWord(args).replace(/^#/u, "");
      const code = typed === "" ? undefined : typed;
      const decided = await decide(code, decision, context);
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
      const text = approval[decision]({ title });
      const updates = decidedCard(decided.request, decision, app.texts, pressed?.responseCode);
      if (updates.length === 0) return text;
      // On the card that was pressed it can be seen.
      return { text: pressed === undefined ? text : undefined, updates };
    },
  };
}

/** The person's own request; where the app says so, an administrator may name one of somebody else. */
async function decide(
  code: string | undefined,
  decision: Decision,
  { app, conversation, ref, message, isAdmin, deps }: CommandContext,
): Promise<Decided> {
  const own = await deps.approvals.decide(conversation, code, decision, message.id);
  if (own.status !== "none" || code === undefined || !isAdmin || app.adminsApprove !== true) return own;
  const whose = await deps.approvals.whose(ref, code);
  return whose === undefined ? own : deps.approvals.decide(whose, code, decision, message.id, message.userId);
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
