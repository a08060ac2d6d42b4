import type { ConfigFault, Environment, GatewayConfig } from "@gateway/service-kit";
import { ConfigError, loadGatewayConfig } from "@gateway/service-kit";
import { loadTexts } from "@gateway/texts";
import type { Finding } from "./finding.ts";

export interface ConfigCheck {
  /** Undefined when it has faults. */
  readonly config?: GatewayConfig;
  readonly findings: readonly Finding[];
}

/** Reads the configuration as every service does, and the texts as the worker does; opens no connection. */
export function checkConfig(env: Environment): ConfigCheck {
  try {
    const config = loadGatewayConfig(env);
    const faults = faultsOfTexts(config);
    if (faults.length > 0) throw new ConfigError(faults);
    const warnings = config.warnings.map(
      (says): Finding => ({ check: "configuration", status: "warning", says }),
    );
    const names = config.apps.map(({ name, runner }) => `${name} (${runner.kind})`).join(", ");
    const says = `${config.apps.length === 1 ? "1 app" : `${config.apps.length} apps`}: ${names}.`;
    return { config, findings: [{ check: "configuration", status: "ok", says }, ...warnings] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      findings: error.faults.map(({ where, found, mend }) => ({
        check: "configuration",
        status: "problem",
        says: `${where}: ${found}.`,
        fix: mend,
      })),
    };
  }
}

/** A worker does not start with texts that are wrong. Apps may share a file. */
function faultsOfTexts({ apps }: GatewayConfig): ConfigFault[] {
  const files = new Set(apps.flatMap(({ textsFile }) => textsFile ?? []));
  return [...files].flatMap((overridesFile) => {
    try {
      loadTexts({ language: "en", overridesFile });
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.faults;
    }
  });
}
