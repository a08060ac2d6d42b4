import type { ConversationRef } from "@gateway/conversation";
import { groupChat } from "@gateway/conversation";
import type { AppConfig } from "@gateway/service-kit";
import type { Recipients } from "@gateway/wecom-client";
import type { UserCorpMap } from "@gateway/wecom-client/user-corp-map";
import { ApiError } from "./api-error.ts";
import type { ApiRecipient } from "./api-schemas.ts";

type AppRef = Pick<AppConfig, "name" | "corpId" | "agentId">;

/** Through which app and to whom the message goes. */
export interface FoundRecipient {
  readonly app: AppRef;
  readonly targets: readonly Target[];
}

/** Each gets a message of its own: one that cannot be reached holds up no other. */
interface Target {
  readonly to: Recipients | { readonly chat: string };
  /** In whose outbox it waits, see `isOnePerson`. */
  readonly conversation: ConversationRef;
}

const EVERYBODY = "@all";

interface Deps {
  readonly apps: readonly AppRef[];
  readonly userCorpMap: Pick<UserCorpMap, "resolve">;
}

/** @throws ApiError that says what to name, with the choices where there are some. */
export async function findRecipient(recipient: ApiRecipient, deps: Deps): Promise<FoundRecipient> {
  if ("user" in recipient) return findUser(recipient.user, deps);
  const app = findApp(recipient.app, deps.apps);
  const target = (userId: string, to: Target["to"]): Target => {
    const { corpId, agentId } = app;
    return { to, conversation: { corpId, agentId, userId } };
  };
  if ("chat" in recipient)
    return { app, targets: [target(groupChat(recipient.chat), { chat: recipient.chat })] };
  if ("all" in recipient) return { app, targets: [target(EVERYBODY, { users: EVERYBODY })] };
  const targets =
    "party" in recipient
      ? distinct(recipient.party).map((id) => target(`@party:${id}`, { parties: [id] }))
      : distinct(recipient.tag).map((id) => target(`@tag:${id}`, { tags: [id] }));
  return { app, targets };
}

function distinct(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}

async function findUser(user: string, { apps, userCorpMap }: Deps): Promise<FoundRecipient> {
  const [first = "", agentId, userId, ...rest] = user.split("/");
  if (agentId === undefined) return resolveUser(first, { apps, userCorpMap });
  if (userId === undefined || userId === "" || rest.length > 0)
    throw new ApiError(
      422,
      "recipient_invalid",
      "Name the user as corp/agent/user, or by the user id alone.",
    );
  return personOf(findApp(`${first}/${agentId}`, apps), userId);
}

async function resolveUser(userId: string, { apps, userCorpMap }: Deps): Promise<FoundRecipient> {
  if (Buffer.byteLength(userId) > 64)
    throw new ApiError(422, "recipient_invalid", "A WeCom user id has at most 64 bytes.");
  const found = await userCorpMap.resolve(userId);
  if (found.status === "unknown") {
    const hint = "This person has not written to any app yet: name them as corp/agent/user.";
    throw new ApiError(404, "user_unknown", hint);
  }
  if (found.status === "ambiguous") {
    const choices = found.candidates.map(({ corpId, agentId }) => `${corpId}/${agentId}/${userId}`);
    const hint = "This user id is known in several corps: name one of the choices.";
    throw new ApiError(409, "user_ambiguous", hint, { choices });
  }
  return personOf(findApp(`${found.corpId}/${found.agentId}`, apps), userId);
}

function personOf(app: AppRef, userId: string): FoundRecipient {
  if (/^@|[|\p{Cc}]/u.test(userId))
    throw new ApiError(422, "recipient_invalid", "This is not a WeCom user id.");
  const { corpId, agentId } = app;
  return { app, targets: [{ to: { users: [userId] }, conversation: { corpId, agentId, userId } }] };
}

/** By name or corp/agent. */
export function findApp<App extends AppRef>(wanted: string | undefined, apps: readonly App[]): App {
  const choices = apps.map(({ corpId, agentId }) => `${corpId}/${agentId}`);
  const [only, ...others] = apps;
  if (wanted === undefined && only !== undefined && others.length === 0) return only;
  if (wanted === undefined && only !== undefined)
    throw new ApiError(409, "app_ambiguous", "Several apps are configured: name one of the choices as app.", {
      choices,
    });
  const app = apps.find(({ name, corpId, agentId }) => wanted === name || wanted === `${corpId}/${agentId}`);
  if (app !== undefined) return app;
  const hint =
    apps.length === 0
      ? "The console knows no apps: start it with the same configuration as the worker."
      : "No such app is configured: name one of the choices.";
  throw new ApiError(404, "app_unknown", hint, { choices });
}
