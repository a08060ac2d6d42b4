import process from "node:process";
import { configSecrets, createLifecycle, createLogger, runService } from "@gateway/service-kit";
import { createEmulator } from "./emulator.ts";
import { readSettings } from "./read-settings.ts";

await runService("emulator", async () => {
  const { host, port, apps, config } = readSettings(process.env);
  const secrets = [
    ...configSecrets(config),
    ...apps.flatMap((app) => [app.corpSecret, app.token, app.encodingAesKey]),
  ];
  const logger = createLogger({ level: config.logLevel, service: "emulator", secrets });
  const lifecycle = createLifecycle({ logger, graceMs: 2000 });
  lifecycle.install(process);
  const emulator = createEmulator({
    apps,
    onError: (error) => logger.error({ err: error }, "request failed"),
  });
  lifecycle.use("http", emulator.close);
  const { url } = await emulator.listen({ host, port });
  if (!["127.0.0.1", "::1", "localhost"].includes(host)) {
    logger.warn({ host }, "the emulator has no login: whoever reaches this address can use it");
  }
  logger.info({ url, apps: apps.map((app) => app.name) }, "listening");
});
