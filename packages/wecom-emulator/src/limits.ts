/** Figures of the platform. Each names the WeCom document it comes from; `errors` means the global error table, doc 90313. */
export const WECOM_LIMITS = {
  /** Text and markdown content; the surplus is cut and the call still succeeds (doc 90236). */
  contentBytes: 2048,
  /** Title and description of cards, news and video; the surplus is cut (doc 90236). */
  titleBytes: 128,
  descriptionBytes: 512,
  urlBytes: 2048,
  mpnewsContentBytes: 666 * 1024,
  mpnewsAuthorBytes: 64,
  articles: 8,
  users: 1000,
  parties: 100,
  tags: 100,
  userIdBytes: 64,
  /** Per app and member: the surplus is dropped and the call still succeeds (doc 90312). */
  memberPerMinute: 30,
  memberPerHour: 1000,
  /** Person-times per app and day = accounts of the corp x 200 (doc 90312). */
  dailyPerAccount: 200,
  /** Per corp and API; message/send does not count (doc 90312). */
  apiPerMinute: 10_000,
  apiPerHour: 150_000,
  duplicateCheckDefaultSeconds: 1800,
  duplicateCheckMaxSeconds: 14_400,
  recallWindowMs: 24 * 3_600_000,
  responseCodeTtlMs: 72 * 3_600_000,
  mediaTtlMs: 3 * 24 * 3_600_000,
  mediaMinBytes: 5,
  mediaMaxBytes: { image: 10 << 20, voice: 2 << 20, video: 10 << 20, file: 20 << 20 },
  voiceMaxSeconds: 60,
  mediaRangeBytes: 20 << 20,
  tokenTtlMs: 7_200_000,
  /** Wrong secrets from one address within an hour before it is blocked for an hour (doc 90312 and staff answers). */
  badSecretsPerHour: 2000,
  badSecretBanMs: 3_600_000,
  /** A callback is dropped after 5 s and pushed at most three times in total (doc 90930). */
  callbackTimeoutMs: 5000,
  callbackAttempts: 3,
  /** The handshake of "save" in the admin page (doc 90930). */
  verifyTimeoutMs: 1000,
} as const;
