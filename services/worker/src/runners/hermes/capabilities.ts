import type { HermesApi } from "./api.ts";
import type { Trouble } from "./http.ts";
import type { Features } from "./messages.ts";

export type Judgement =
  | { readonly ok: true; readonly features: Features }
  | {
      readonly ok: false;
      /** passing: it may answer later. */
      readonly why: "passing" | "auth" | "config";
      /** In words, with what to do. */
      readonly problem: string;
    };

const FRESH_MS = 5 * 60_000;

/** Whether this Hermes can do what the runner needs of it. Asked again every few minutes: it may be updated. */
export function createCapabilities(api: Pick<HermesApi, "capabilities">, now: () => number) {
  let known: { readonly features: Features; readonly atMs: number } | undefined;
  return async (signal?: AbortSignal): Promise<Judgement> => {
    if (known !== undefined && now() - known.atMs < FRESH_MS) return { ok: true, features: known.features };
    const reply = await api.capabilities(signal);
    const judgement = reply.ok ? judge(reply.value.features) : judgeTrouble(reply);
    known = judgement.ok ? { features: judgement.features, atMs: now() } : undefined;
    return judgement;
  };
}

function judge(features: Features): Judgement {
  const { runs_idempotency: idempotency } = features;
  const canRun = features.run_submission && features.run_status && features.run_stop;
  if (!canRun || idempotency?.supported !== true)
    return config(
      "This Hermes is too old: its /v1/runs does not find a run again by its key (runs_idempotency). Update Hermes.",
    );
  if (!idempotency.durable)
    return config(
      "This Hermes would forget its runs when it restarts: runs_idempotency is not durable. Its home directory has to be writable.",
    );
  return { ok: true, features };
}

function judgeTrouble(trouble: Trouble): Judgement {
  if (trouble.why === "auth")
    return {
      ok: false,
      why: "auth",
      problem:
        "Hermes refuses the key: AGENT_API_KEY has to be its API_SERVER_KEY (that of the profile, if the address names one).",
    };
  // An answer that is none of Hermes: another program, or a Hermes before it told what it can.
  const isAnswer = trouble.status !== undefined && trouble.status < 500 && trouble.status !== 408;
  if (isAnswer && trouble.why !== "busy")
    return config(
      `What answers at AGENT_URL is not the API server of a current Hermes (${trouble.detail} to /v1/capabilities). Give the address of its gateway, like http://127.0.0.1:8642, or update Hermes.`,
    );
  return {
    ok: false,
    why: "passing",
    problem: `Hermes does not answer at AGENT_URL (${trouble.detail}). Start its gateway (hermes gateway) with API_SERVER_ENABLED=true and an API_SERVER_KEY.`,
  };
}

function config(problem: string): Judgement {
  return { ok: false, why: "config", problem };
}
