import type { BackgroundTask, Session, TurnState } from "@gateway/conversation";
import { durationText } from "../texts/duration.ts";
import { previewOf } from "../texts/preview.ts";
import type { Command, CommandContext } from "./command.ts";

const TITLE_LIMIT = 40;

/** What runs, what waits, and for whom. Changes nothing. */
export const status: Command = {
  name: "status",
  async run(context) {
    const { app, conversation, deps } = context;
    const [turn, session, approvals, tasks] = await Promise.all([
      deps.turnControl.read(conversation),
      deps.sessions.read(conversation),
      deps.approvals.pending(conversation),
      deps.backgroundTasks.running(conversation),
    ]);
    const texts = app.texts.status;
    return [
      ...turnLines(context, turn),
      ...(turn.waiting > 0 ? [texts.waiting({ waiting: turn.waiting })] : []),
      ...approvals.map(({ code, title }) => texts.approval({ code, title: previewOf(title, TITLE_LIMIT) })),
      ...backgroundLines(context, tasks),
      sessionLine(context, session),
      texts.busyMode({ mode: app.texts.busyMode[session.busyMode ?? app.busyMode] }),
    ].join("\n");
  },
};

function turnLines({ app, deps }: CommandContext, turn: TurnState): string[] {
  const { status: texts } = app.texts;
  if (!turn.running) return [texts.idle];
  const elapsed = durationText(app.texts, deps.now() - (turn.startedAtMs ?? deps.now()));
  if (turn.stop !== undefined) return [texts.stopping({ elapsed })];
  return [
    texts.running({ elapsed }),
    ...(turn.attempt > 1 ? [texts.attempt({ attempt: turn.attempt })] : []),
    ...(turn.doing === undefined ? [] : [texts.doing({ doing: previewOf(turn.doing, TITLE_LIMIT) })]),
  ];
}

function sessionLine({ app, deps }: CommandContext, session: Session): string {
  const number = session.epoch + 1;
  if (session.startedAtMs === undefined) return app.texts.status.session({ number });
  const elapsed = durationText(app.texts, deps.now() - session.startedAtMs);
  return app.texts.status.sessionSince({ number, elapsed });
}

/** One line for each background task. */
export function backgroundLines(
  { app, deps }: Pick<CommandContext, "app" | "deps">,
  tasks: readonly BackgroundTask[],
): string[] {
  return tasks.map(({ name, preview, startedAtMs }) =>
    app.texts.status.background({
      task: name,
      preview,
      elapsed: durationText(app.texts, deps.now() - startedAtMs),
    }),
  );
}
