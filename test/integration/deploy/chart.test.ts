import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { Deployment, StatefulSet } from "kubernetes-models/apps/v1";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import { Ingress, NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { PersistentVolumeClaim, Service } from "kubernetes-models/v1";
import { REPOSITORY } from "../../support/process.ts";
import type { ChartRenderer, Manifest } from "../../support/render-chart.ts";
import { canRenderCharts, createChartRenderer } from "../../support/render-chart.ts";

// Retires the risk that the chart does not render, renders what Kubernetes would refuse, or weakens a container.

const KINDS: Readonly<Record<string, new (manifest: Manifest) => { validate(): void }>> = {
  "apps/v1 Deployment": Deployment,
  "apps/v1 StatefulSet": StatefulSet,
  "autoscaling/v2 HorizontalPodAutoscaler": HorizontalPodAutoscaler,
  "networking.k8s.io/v1 Ingress": Ingress,
  "networking.k8s.io/v1 NetworkPolicy": NetworkPolicy,
  "policy/v1 PodDisruptionBudget": PodDisruptionBudget,
  "v1 PersistentVolumeClaim": PersistentVolumeClaim,
  "v1 Service": Service,
};
/** Known to operators only; their fields are looked at one by one below. */
const CUSTOM = ["keda.sh/v1alpha1 ScaledObject", "monitoring.coreos.com/v1 ServiceMonitor"];

const least = { existingSecret: "gateway-env" };
const most = {
  ...least,
  configSecret: "gateway-apps",
  env: { LOG_LEVEL: "debug" },
  image: { repository: "registry.example.com/wecom-gateway", pullSecrets: [{ name: "registry" }] },
  ingress: { public: { enabled: true, className: "nginx", tlsSecret: "tls", annotations: { a: "b" } } },
  worker: {
    kind: "StatefulSet",
    autoscaling: { kind: "keda" },
    media: { persistence: true, storageClassName: "nfs" },
    extraVolumes: [{ name: "agents", emptyDir: {} }],
    extraVolumeMounts: [{ name: "agents", mountPath: "/agents" }],
  },
  metrics: { serviceMonitor: { enabled: true, labels: { release: "prometheus" } } },
  networkPolicy: { consoleFrom: [{ podSelector: {} }], metricsFrom: [{ namespaceSelector: {} }] },
  nodeSelector: { disk: "ssd" },
  tolerations: [{ key: "a", operator: "Exists" }],
  affinity: { nodeAffinity: {} },
};

const maybe = canRenderCharts() ? describe : describe.skip;

maybe("the Helm chart", () => {
  let chart: ChartRenderer;
  beforeAll(() => {
    chart = createChartRenderer();
  }, 180_000);
  const find = (manifests: readonly Manifest[], kind: string, part: string): Manifest =>
    manifests.find((one) => one.kind === kind && one.metadata.name.endsWith(`-${part}`));

  it.each([
    ["with the least", least],
    ["with everything", most],
    ["with an HPA for workers", { ...least, worker: { autoscaling: { kind: "hpa" } } }],
    [
      "with everything off",
      {
        ...least,
        console: { enabled: false },
        networkPolicy: { enabled: false },
        podDisruptionBudget: { enabled: false },
        ingress: { autoscaling: { enabled: false } },
      },
    ],
  ])("%s is what Kubernetes' schemas ask for, and nobody's name twice", (_, values) => {
    const manifests = chart.render(values);
    for (const manifest of manifests) {
      const kind = `${manifest.apiVersion} ${manifest.kind}`;
      const Model = KINDS[kind];
      if (Model === undefined) expect(CUSTOM).toContain(kind);
      else new Model(manifest).validate();
      expect(manifest.metadata.namespace).toBe("wecom");
    }
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("gives no container more than it needs, and every process its settings", () => {
    const pods = chart.render(most).filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
    expect(pods).toHaveLength(3);
    for (const { spec } of pods) {
      const pod = spec.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      const [container] = pod.containers;
      expect(container).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        envFrom: [{ secretRef: { name: "gateway-env" } }],
        resources: { limits: { memory: expect.any(String) } },
      });
      const names = container.env.map(({ name }: { name: string }) => name);
      expect(names).toEqual(expect.arrayContaining(["GATEWAY_CONFIG", "LOG_LEVEL", "METRICS_PORT"]));
      expect(container.ports.map(({ name }: { name: string }) => name)).toEqual(
        expect.arrayContaining([container.readinessProbe.httpGet.port, "metrics"]),
      );
    }
  });

  it("sets only settings that there are", () => {
    const example = readFileSync(join(REPOSITORY, ".env.example"), "utf8");
    const known = new Set([...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name));
    const pods = chart.render(most).filter(({ spec }) => spec?.template?.spec?.containers !== undefined);
    const set = pods.flatMap(({ spec }) =>
      spec.template.spec.containers[0].env.map(({ name }: { name: string }) => name),
    );
    expect(set.filter((name) => !known.has(name))).toEqual([]);
  });

  it("waits for a worker's drain, and takes workers away one at a time", () => {
    const drained = chart.render({ ...most, worker: { ...most.worker, drainSeconds: 300 } });
    const worker = find(drained, "StatefulSet", "worker");
    expect(worker.spec.template.spec.terminationGracePeriodSeconds).toBe(340);
    expect(worker.spec.replicas).toBeUndefined();
    const scaled = find(drained, "ScaledObject", "worker");
    expect(scaled.spec.scaleTargetRef).toEqual({ kind: "StatefulSet", name: worker.metadata.name });
    expect(scaled.spec.triggers[0].metadata.query).toContain("gateway_queue_jobs");
    expect(scaled.spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.policies).toEqual([
      { type: "Pods", value: 1, periodSeconds: 120 },
    ]);
  });

  it("keeps what agents know on each worker's own volume, where there is one", () => {
    const workerOf = (values: object) => {
      const kinds = ["Deployment", "StatefulSet"];
      const workers = chart.render({ ...least, worker: values }).filter(({ kind }) => kinds.includes(kind));
      const pod = workers.find(({ metadata }) => metadata.name.endsWith("-worker")).spec.template.spec;
      const [{ env, volumeMounts }] = pod.containers;
      const dir = env.find(({ name }: { name: string }) => name === "AGENT_WORKSPACE_DIR")?.value;
      return { dir, mounts: volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath) };
    };
    // A directory in it: the root of a volume belongs to root, and the worker refuses what is not its own.
    const stateful = workerOf({ kind: "StatefulSet", workspace: { path: "/srv/agents" } });
    expect(stateful).toEqual({ dir: "/srv/agents/agents", mounts: expect.arrayContaining(["/srv/agents"]) });
    expect(workerOf({}).dir).toBeUndefined();
  });

  it("lets agents that answer later in from outside only where that is asked for", () => {
    const paths = (agentCallbacks: boolean) => {
      const values = { ...least, ingress: { public: { enabled: true, agentCallbacks } } };
      const [rule] = find(chart.render(values), "Ingress", "ingress").spec.rules;
      return rule.http.paths.map(({ path, pathType }: Manifest) => [path, pathType]);
    };
    expect(paths(false)).toEqual([["/wecom/callback", "Exact"]]);
    expect(paths(true)).toEqual([
      ["/wecom/callback", "Exact"],
      ["/agent/callback/", "Prefix"],
    ]);
  });

  it("has every Service, budget and policy select the pods that are meant", () => {
    const manifests = chart.render(most);
    const labels = new Map(
      manifests
        .filter(({ spec }) => spec?.template !== undefined)
        .map(({ spec, metadata }) => [metadata.name, spec.template.metadata.labels]),
    );
    const matches = (selector: Record<string, string>) =>
      [...labels].filter(([, of]) => Object.entries(selector).every(([key, value]) => of[key] === value))
        .length;
    for (const { kind, metadata, spec } of manifests) {
      const expected = metadata.name.endsWith("-metrics") ? 3 : 1;
      if (kind === "Service")
        expect([metadata.name, matches(spec.selector)]).toEqual([metadata.name, expected]);
      if (kind === "PodDisruptionBudget") expect(matches(spec.selector.matchLabels)).toBe(1);
      if (kind === "NetworkPolicy") expect(matches(spec.podSelector.matchLabels)).toBe(1);
    }
    const monitor = find(manifests, "ServiceMonitor", "metrics");
    expect(find(manifests, "Service", "metrics").metadata.labels).toMatchObject(
      monitor.spec.selector.matchLabels,
    );
  });

  it("lets nobody at the console or the metrics from outside unless told so", () => {
    const manifests = chart.render(least);
    const ports = (part: string) =>
      find(manifests, "NetworkPolicy", part).spec.ingress.map((rule: Manifest) => [
        rule.ports[0].port,
        rule.from,
      ]);
    expect(ports("ingress")).toEqual([
      ["callback", undefined],
      ["metrics", [{ podSelector: {} }]],
    ]);
    expect(ports("console")).toEqual([["metrics", [{ podSelector: {} }]]]);
    expect(ports("worker")).toEqual([["metrics", [{ podSelector: {} }]]]);
  });

  it.each([
    [{}, "existingSecret has to name a Secret"],
    [{ ...least, worker: { kind: "DaemonSet" } }, "Deployment or StatefulSet"],
    [{ ...least, worker: { autoscaling: { kind: "vpa" } } }, "none, hpa or keda"],
  ])("refuses %j in words", (values, words) => {
    expect(() => chart.render(values)).toThrow(words);
  });
});
