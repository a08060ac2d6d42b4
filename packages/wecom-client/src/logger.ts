/** What this package needs of a logger; pino fits. It is never handed a secret, a token or message content. */
export interface WecomLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLogger: WecomLogger = { debug() {}, info() {}, warn() {}, error() {} };
