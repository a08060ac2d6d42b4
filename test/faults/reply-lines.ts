/** What the agent of these tests answers: numbered lines, so that every piece of an answer is known by itself. */
export interface ReplyLine {
  readonly message: string;
  readonly line: number;
  readonly of: number;
}

/** Lines of an answer as test/faults/agent.sh writes them. */
export function readAnswer(text: string): ReplyLine[] {
  return [...text.matchAll(/^(\d+) (\d+)\/(\d+)(?= |$)/gm)].map(([, message = "", line, of]) => ({
    message,
    line: Number(line),
    of: Number(of),
  }));
}

/** The message whose failure a text tells; failures end with the message's id as a reference. */
export function readFailure(text: string): string | undefined {
  return /^cb-\S+-(\d+)$/m.exec(text)?.[1];
}

/** MsgId of a gateway message id, which ends with it. */
export function msgIdOf(gatewayId: string): string {
  return gatewayId.slice(gatewayId.lastIndexOf("-") + 1);
}

/** What the person is told when a run begins again. */
export const RESUMED = /服务刚刚重启/;
