import { z } from "zod";

const deliver = z.boolean().optional();

/**
 * What happens to a call that a rule picked. `deliver` says whether WeCom carries the call out before the answer
 * goes wrong; without it each action does what its name suggests.
 */
const actionSchema = z.discriminatedUnion("type", [
  /** HTTP 200 with this errcode. Not carried out unless `deliver`. */
  z.strictObject({
    type: z.literal("errcode"),
    errcode: z.int(),
    errmsg: z.string().max(1000).optional(),
    deliver,
  }),
  /** Another HTTP status with an HTML page, as a broken gateway in between answers. Not carried out unless `deliver`. */
  z.strictObject({
    type: z.literal("http"),
    status: z.int().min(200).max(599),
    html: z.string().max(100_000).optional(),
    deliver,
  }),
  /** The connection is reset before the call is looked at. */
  z.strictObject({ type: z.literal("reset_before") }),
  /** The call is carried out, then the connection is reset without an answer. */
  z.strictObject({ type: z.literal("reset_after") }),
  /** No answer ever comes. Carried out only with `deliver`. */
  z.strictObject({ type: z.literal("hang"), deliver }),
  /** The call is carried out, the answer is HTTP 200 with half of its JSON. */
  z.strictObject({ type: z.literal("truncate_json") }),
  /** The call is carried out, the true answer comes late. */
  z.strictObject({ type: z.literal("delay"), delayMs: z.int().min(0).max(600_000) }),
]);

const matchSchema = z.strictObject({
  /** Path below /cgi-bin, such as `message/send`; `*` is every path. */
  path: z.string().max(200),
  corp: z.string().max(100).optional(),
  agent: z.string().max(20).optional(),
  user: z.string().max(100).optional(),
  msgType: z.string().max(50).optional(),
  /** Starts with the n-th call that matches, counted from 1. */
  nth: z.int().min(1).optional(),
});

export const faultRuleSchema = z.strictObject({
  match: matchSchema,
  /** How many calls it hits, or `always`. */
  times: z.union([z.int().min(1), z.literal("always")]).default(1),
  action: actionSchema,
});

export const faultRulesSchema = z.array(faultRuleSchema).max(200);

export type FaultRule = z.input<typeof faultRuleSchema>;
export type FaultAction = z.infer<typeof actionSchema>;

export interface FaultRuleState extends z.infer<typeof faultRuleSchema> {
  readonly seen: number;
  readonly applied: number;
}

/** What a rule can look at. Corp and agent are known once the token or the corpid has been read. */
export interface FaultSubject {
  readonly path: string;
  readonly corpId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly users: readonly string[];
  readonly msgType?: string | undefined;
}

/** Scripted misbehaviour. Rules are tried in order; the first that still has a turn decides the call. */
export interface FaultScript {
  set(rules: readonly FaultRule[]): void;
  add(rules: readonly FaultRule[]): void;
  take(subject: FaultSubject): FaultAction | undefined;
  readonly isEmpty: boolean;
  state(): readonly FaultRuleState[];
  clear(): void;
}

interface LiveRule extends z.infer<typeof faultRuleSchema> {
  seen: number;
  applied: number;
}

function normalisePath(path: string): string {
  return path.replace(/^\/?(cgi-bin\/)?/, "");
}

function matches(rule: LiveRule, subject: FaultSubject): boolean {
  const { path, corp, agent, user, msgType } = rule.match;
  if (path !== "*" && normalisePath(path) !== normalisePath(subject.path)) return false;
  if (corp !== undefined && corp !== subject.corpId) return false;
  if (agent !== undefined && agent !== subject.agentId) return false;
  if (msgType !== undefined && msgType !== subject.msgType) return false;
  return user === undefined || subject.users.some((id) => id.toLowerCase() === user.toLowerCase());
}

export function createFaultScript(): FaultScript {
  let rules: LiveRule[] = [];
  const parse = (input: readonly FaultRule[]): LiveRule[] =>
    faultRulesSchema.parse(input).map((rule) => ({ ...rule, seen: 0, applied: 0 }));
  return {
    set(input) {
      rules = parse(input);
    },
    add(input) {
      rules = [...rules, ...parse(input)].slice(-200);
    },
    take(subject) {
      for (const rule of rules) {
        if (!matches(rule, subject)) continue;
        rule.seen += 1;
        const hasTurn = rule.times === "always" || rule.applied < rule.times;
        if (!hasTurn || rule.seen < (rule.match.nth ?? 1)) continue;
        rule.applied += 1;
        return rule.action;
      }
      return undefined;
    },
    get isEmpty() {
      return rules.length === 0;
    },
    state: () => rules.map((rule) => ({ ...rule })),
    clear() {
      rules = [];
    },
  };
}
