import type { AccessRegistry, AccessRequest, ApprovedUser } from "@gateway/conversation/access";
import { createUserList } from "@gateway/conversation/access";
import type { AppConfig } from "@gateway/service-kit";

/** What the console has to know of a configured app. */
export type ConsoleAppConfig = Pick<
  AppConfig,
  "name" | "corpId" | "agentId" | "allowedUsers" | "allowAllUsers" | "adminUsers" | "pairing"
>;

/** People shown per app; the others are found by their user id. */
const SHOWN_USERS = 100;

export interface LetIn extends ApprovedUser {
  /** The configuration allows them too. */
  readonly isListed: boolean;
}

export interface AppAccess {
  readonly app: ConsoleAppConfig;
  readonly isOpenToAll: boolean;
  /** Oldest first. */
  readonly requests: readonly AccessRequest[];
  /** Newest first. */
  readonly users: readonly LetIn[];
  readonly hiddenUsers: number;
}

export function isListed(app: ConsoleAppConfig): (userId: string) => boolean {
  const { corpId, allowedUsers, allowAllUsers, adminUsers } = app;
  return createUserList({ corpId, users: allowAllUsers ? ["*"] : [...allowedUsers, ...adminUsers] });
}

/** Who waits and who was let in, by app. `find`: of those only whose user id contains it. */
export async function readAccess(
  deps: { accessRegistry: AccessRegistry; apps: () => readonly ConsoleAppConfig[] },
  find: string,
): Promise<AppAccess[]> {
  const matches = ({ userId }: { userId: string }) => userId.toLowerCase().includes(find.toLowerCase());
  return Promise.all(
    deps.apps().map(async (app) => {
      const [requests, users] = await Promise.all([
        deps.accessRegistry.listRequests(app),
        deps.accessRegistry.listUsers(app),
      ]);
      const approved = new Set(users.map(({ userId }) => userId.toLowerCase()));
      const found = users.filter(matches).reverse();
      const listed = isListed(app);
      return {
        app,
        // No user id is like this, so only a star can allow it.
        isOpenToAll: listed("not a user id"),
        // Without those who were let in by hand while they held a code.
        requests: requests.filter(({ userId }) => !approved.has(userId.toLowerCase())),
        users: found.slice(0, SHOWN_USERS).map((user) => ({ ...user, isListed: listed(user.userId) })),
        hiddenUsers: Math.max(0, found.length - SHOWN_USERS),
      };
    }),
  );
}
