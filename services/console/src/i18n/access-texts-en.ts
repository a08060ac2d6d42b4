import type { AccessTexts } from "./access-texts.ts";

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const accessEn: AccessTexts = {
  title: "Access",
  waitingPeople: (count) => counted(count, "person waits to be let in", "people wait to be let in"),
  waitingPeopleDetail:
    "Ask them for the code they were shown and compare it. A request that nobody approves lapses by itself.",
  nobodyWaits: "Nobody waits to be let in",
  nobodyWaitsDetail: "Whoever asks appears here, with the code that they were shown in WeCom.",
  noApps: "The console knows no app",
  noAppsDetail:
    "It finds the apps in the settings that ingress and worker have: start it with the same GATEWAY_CONFIG, or with the same WECOM_CALLBACK_… variables.",
  ofApp: (corpId, agentId) => `corp ${corpId} · agent ${agentId}`,
  everybodyAllowed: "Everybody may talk to this app: its configuration says so, and nothing here changes it.",
  policy: (users, administrators, hasPairing) =>
    `Allowed by configuration: ${counted(users, "user", "users")}, ${counted(administrators, "administrator", "administrators")}. ${hasPairing ? "Pairing is on: a newcomer gets a code." : "Pairing is off: newcomers get no code."}`,
  waiting: "Waiting",
  nobodyWaitsHere: "Nobody.",
  letIn: "Let in",
  nobodyLetIn: "Nobody yet.",
  more: (count) => `${count} more. Search by user id to see them.`,
  find: "Find a user id",
  findButton: "Find",
  showAll: "Show all",
  person: "User id",
  code: "Code",
  asked: "Asked",
  lapses: "Lapses",
  ago: (duration) => `${duration} ago`,
  from: (duration) => `in ${duration}`,
  by: "Let in by",
  since: "When",
  byOperator: "in this console",
  byAdministrator: "in WeCom",
  alsoListed: "configured",
  alsoListedDetail: "Also on the app's list, so they stay allowed when this is revoked.",
  approve: "Approve",
  revoke: "Revoke",
  confirmRevoke: (userId, appName) =>
    `Revoke ${userId}'s access to ${appName}? Their messages that wait are dropped.`,
  revokeHint:
    "Revoking counts from the next message on and drops those that wait. An answer that the agent is working on is finished and sent.",
  admitTitle: "Let somebody in without a code",
  admitDetail:
    "By their WeCom user id (账号 in WeCom's contacts). They are not told; their next message is answered.",
  app: "App",
  userId: "User id",
  admit: "Let in",
  outcomes: {
    approved: (userId, appName) => `${userId} may talk to ${appName} now and is told so in WeCom.`,
    admitted: (userId, appName) => `${userId} may talk to ${appName} now.`,
    revoked: (userId, appName, dropped) =>
      `${userId} may not talk to ${appName} any more.${dropped > 0 ? ` ${counted(dropped, "waiting message was", "waiting messages were")} dropped.` : ""}`,
    stillListed: (userId, appName) =>
      `Revoked, but ${userId} may still talk to ${appName}: the configuration allows it.`,
    gone: "This request is gone: it lapsed, or the person was given another code.",
    locked:
      "Too many wrong codes were typed for this app, so none is taken for up to an hour. The form at the end of the page works.",
    full: "No room: as many people as the gateway keeps were let in already. List them in the configuration instead.",
    notIn: (userId) => `${userId} is not among those who were let in.`,
    unknownApp: "This app is not configured any more.",
    badUserId: "A user id has 1 to 64 characters, without blanks, colons and stars.",
  },
};
