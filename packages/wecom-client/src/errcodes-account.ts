import type { ErrcodeGroup } from "./errcode-row.ts";
import { RATE_BLOCK_MIN_MS } from "./limits.ts";

/** Codes about the app, its credentials, its permissions and its call rate: nothing about one message. */
export const ACCOUNT_ERRCODES: readonly ErrcodeGroup[] = [
  {
    kind: "busy",
    by: "gateway",
    remedy: "WeCom asks for a few retries a little later, three at most.",
    rows: [
      [-1, "WeCom is busy"],
      [6000, "the data was changed by another call at the same time"],
      [301022, "WeCom could not read the check-in data"],
    ],
  },
  {
    kind: "token",
    by: "gateway",
    remedy: "A fresh token is fetched by itself.",
    rows: [
      [40014, "the access token is not valid"],
      [42001, "the access token has expired"],
    ],
  },
  {
    kind: "rate",
    by: "gateway",
    retryAfterMs: RATE_BLOCK_MIN_MS,
    remedy:
      "Wait: a minute for a per-minute limit, an hour for an hourly one (and for an address that asked for tokens " +
      "with a wrong secret), until midnight for a daily one. Unblock at open.work.weixin.qq.com/wwopen/devtool/checkCorpSpamBlock.",
    rows: [[45009, "a frequency limit of WeCom is reached"]],
  },
  {
    kind: "rate",
    by: "gateway",
    retryAfterMs: 1000,
    remedy: "Make fewer calls at the same time, and do not fetch one media id over and over.",
    rows: [[45033, "too many calls to one API at the same time"]],
  },
  {
    kind: "credentials",
    by: "operator",
    remedy:
      "Copy the secret of this very app from the admin console (应用管理 → the app → Secret) into the configuration; " +
      "it changes when it is reset there. Check that the app is enabled.",
    rows: [
      [40001, "the secret is wrong, was reset, or belongs to another or a disabled app"],
      [40091, "the secret belongs to another corp"],
      [41004, "the secret is missing"],
      [45031, "WeCom calls the secret insecure and wants it reset"],
    ],
  },
  {
    kind: "credentials",
    by: "operator",
    remedy: "Copy the corp id from the admin console (我的企业 → 企业ID) into the configuration.",
    rows: [
      [40013, "the corp id is wrong"],
      [41002, "the corp id is missing"],
    ],
  },
  {
    kind: "configuration",
    by: "operator",
    remedy:
      "Check the agent id of this app in the configuration against the admin console (应用管理 → the app → AgentId).",
    rows: [
      [40056, "the agent id is wrong"],
      [41011, "the agent id is missing"],
      [301002, "the access token belongs to another app than the agent id"],
    ],
  },
  {
    kind: "configuration",
    by: "operator",
    remedy:
      "Add the address to 企业可信IP in the admin console (应用管理 → the app → 企业可信IP); it takes about a minute to work. " +
      "It must be an address of the corp itself: behind a changing address, use a proxy with a fixed one.",
    rows: [[60020, "the request came from an address that is not in the app's 企业可信IP list"]],
  },
  {
    kind: "configuration",
    by: "operator",
    remedy: "Set up 接收消息 (the callback URL) of the app in the admin console.",
    rows: [
      [40057, "the callback URL is invalid or could not be verified"],
      [43012, "interactive cards need an app with a callback URL"],
    ],
  },
  {
    kind: "configuration",
    by: "operator",
    remedy: "Have an administrator enable the app in the admin console (应用管理 → the app).",
    rows: [
      [48006, "the app's permissions were withdrawn because it was not used for long"],
      [50003, "the app is disabled"],
      [60031, "the app may not use the API"],
      [301007, "the corp is dissolved or blocked"],
    ],
  },
  {
    kind: "configuration",
    by: "operator",
    remedy: "Give the app the permission in the admin console, or use an app that has it.",
    rows: [
      [48001, "the API is not authorised for this corp"],
      [48002, "the app may not call this API"],
      [48003, "the suite id does not fit the token"],
      [48004, "the authorisation is no longer valid"],
      [48007, "the customer service account is not authorised for the app"],
      [48008, "the contacts permission does not cover this API"],
      [48009, "contacts may no longer be read from this address"],
    ],
  },
  {
    kind: "configuration",
    by: "operator",
    remedy:
      "Set the trusted domain of the app in the admin console: exactly this host, verified, with an ICP record.",
    rows: [
      [50001, "the redirect URL is not on a trusted domain of the app"],
      [80001, "the trusted domain is wrong or has no ICP record"],
      [85004, "the trusted domain was changed 20 times this month"],
      [85005, "the trusted domain's ownership is not verified"],
      [85008, "the trusted domain's ICP record was not accepted"],
    ],
  },
  {
    kind: "configuration",
    by: "operator",
    remedy: "Group robots are another product; check which webhook is meant.",
    rows: [
      [93000, "the webhook URL is invalid or the robot left the group"],
      [93004, "the robot is disabled"],
      [93008, "the robot is not in the group"],
    ],
  },
  {
    kind: "configuration",
    by: "developer",
    remedy: "Report it: the gateway made a call it should not make.",
    rows: [
      [41001, "the access token was missing"],
      [48005, "the API no longer exists"],
    ],
  },
];
