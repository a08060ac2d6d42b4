import type { TlsOptions } from "node:tls";

/** A throw-away self-signed identity for 127.0.0.1, made for these tests. */
export const TEST_CERTIFICATE = `
`;

export const testIdentity: TlsOptions = {
  cert: TEST_CERTIFICATE,
  key: `
`,
};
