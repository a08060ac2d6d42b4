/** Values in the right shape that belong to nobody. */
export const SAMPLE_AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
export const SAMPLE_SECRET = "sample-secret-0123456789_abcdefghijklmnopqr";

/** A complete app in the environment. */
export const SAMPLE_APP = {
  WECOM_CALLBACK_CORP_ID: "ww0123456789abcdef",
  WECOM_CALLBACK_CORP_SECRET: SAMPLE_SECRET,
  WECOM_CALLBACK_AGENT_ID: "1000002",
  WECOM_CALLBACK_TOKEN: "sampletoken1",
  WECOM_CALLBACK_ENCODING_AES_KEY: SAMPLE_AES_KEY,
} as const;
