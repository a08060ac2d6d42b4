import { createUserList } from "@gateway/conversation/access";

/** What the configuration says about who may talk to an app. */
export interface AccessSettings {
  readonly corpId: string;
  /** User ids, `corp:user` for a user of one corp only, or `*` for everybody. */
  readonly allowedUsers: readonly string[];
  readonly allowAllUsers: boolean;
  /** Always allowed. */
  readonly adminUsers: readonly string[];
  /** Whoever is on no list is given a code with which an administrator can let them in. */
  readonly pairing: boolean;
  /** Whoever is on no list is told so. */
  readonly denyNotice: boolean;
}

/** Who may talk to one app, as far as the configuration knows. */
export interface AccessPolicy {
  isListed(userId: string): boolean;
  /** What everybody else is to hear. */
  readonly word: "code" | "notice" | "nothing";
}

/** Closed by default: empty lists let nobody in. */
export function createAccessPolicy(settings: AccessSettings): AccessPolicy {
  const { corpId, allowedUsers, allowAllUsers, adminUsers, pairing, denyNotice } = settings;
  const users = allowAllUsers ? ["*"] : [...allowedUsers, ...adminUsers];
  return {
    isListed: createUserList({ corpId, users }),
    word: pairing ? "code" : denyNotice ? "notice" : "nothing",
  };
}
