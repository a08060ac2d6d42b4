import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { GO_LIBRARIES, SPRIG } from "../../scripts/lib/chart-engine.mjs";
import { findOnPath } from "../../scripts/lib/find-on-path.mjs";
import { REPOSITORY } from "./process.ts";

const CHART = join(REPOSITORY, "deploy/helm/wecom-agent-gateway");

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked at field by field
export type Manifest = any;

export interface ChartRenderer {
  /** Manifests, with values over the chart's own as deep as they go. Throws with what the template said. */
  render(values: Readonly<Record<string, unknown>>): Manifest[];
}

export function canRenderCharts(): boolean {
  return existsSync(SPRIG) && findOnPath(["go"], process.env) !== undefined;
}

/** Go's template engine with sprig, as in Helm, behind a program of ours that is compiled first. */
export function createChartRenderer(): ChartRenderer {
  const dir = mkdtempSync(join(process.env.TEST_RUN_DIR ?? tmpdir(), "chart-"));
  const program = join(dir, "render");
  const env = {
    ...{ PATH: process.env.PATH, HOME: dir, GOCACHE: join(dir, "cache") },
    ...{ GO111MODULE: "off", GOPATH: GO_LIBRARIES },
  };
  const built = spawnSync("go", ["build", "-o", program, "./test/support/chart-renderer"], {
    ...{ cwd: REPOSITORY, env, encoding: "utf8" },
  });
  if (built.status !== 0) throw new Error(`the chart renderer was not built: ${built.stderr}`);
  const defaults = parse(readFileSync(join(CHART, "values.yaml"), "utf8"));
  return {
    render(values) {
      const input = JSON.stringify(merge(defaults, values));
      const done = spawnSync(program, [CHART, "prod", "wecom"], { input, encoding: "utf8" });
      if (done.status !== 0) throw new Error(done.stderr);
      const files = Object.entries<string>(JSON.parse(done.stdout)).filter(([name]) =>
        name.endsWith(".yaml"),
      );
      return files.flatMap(([name, text]) => readManifests(name, text));
    },
  };
}

function readManifests(name: string, text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`${name}: ${document.errors[0]?.message}\n${text}`);
    const manifest: Manifest = document.toJS();
    return manifest === null ? [] : [manifest];
  });
}

function merge(base: Manifest, over: Manifest): Manifest {
  if (!isMap(base) || !isMap(over)) return over;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(keys.map((key) => [key, key in over ? merge(base[key], over[key]) : base[key]]));
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
