/** Fields whose value never reaches the log, at the top of a line or one level down. */
const FIELDS = [
  "token",
  "accessToken",
  "access_token",
  "corpSecret",
  "corp_secret",
  "corpsecret",
  "secret",
  "encodingAesKey",
  "encoding_aes_key",
  "aesKey",
  "keys",
  "password",
  "authorization",
  "cookie",
  "httpProxy",
  "redisUrl",
  "body",
  "rawBody",
  "plaintext",
  "content",
  "env",
];

const QUOTED_FIELDS = ['["set-cookie"]', '["x-api-key"]'];

export const REDACTED_PATHS: readonly string[] = [
  ...FIELDS.flatMap((field) => [field, `*.${field}`]),
  ...QUOTED_FIELDS.flatMap((field) => [field, `*${field}`]),
  "req.headers.authorization",
  "req.headers.cookie",
];
