import type { SentinelConnectionOptions } from "ioredis";
import { SentinelConnector } from "ioredis";

/**
 * ioredis watches the sentinels for a failover and then ends its connection, to find the new primary. Told so while it is
 * connecting already, it ends that attempt, and with it the connection for good (ioredis 6.0). So what watched for
 * the connection that is gone stops watching first.
 */
export class ReconnectingSentinelConnector extends SentinelConnector {
  constructor(options: unknown) {
    super(options as SentinelConnectionOptions);
  }

  override connect(...args: Parameters<SentinelConnector["connect"]>) {
    this.disconnect();
    return super.connect(...args);
  }
}
