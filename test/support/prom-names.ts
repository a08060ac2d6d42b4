import { parser } from "@prometheus-io/lezer-promql";

/** What a PromQL expression asks about: metrics, and of each the labels that its matchers name. */
export interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** @throws when the expression is not PromQL. */
export function selectorsOf(expression: string): Selector[] {
  const tree = parser.parse(expression);
  const found: { metric: string; labels: string[] }[] = [];
  tree.iterate({
    enter({ name, type, from, to }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`);
      if (name === "VectorSelector") found.push({ metric: "", labels: [] });
      const text = expression.slice(from, to);
      const current = found.at(-1);
      if (name === "Identifier" && current?.metric === "") current.metric = text;
      if (name === "LabelName" && current !== undefined) current.labels.push(text);
    },
  });
  return found;
}

/** Metrics of an answer of `/metrics`, each with the labels that its series have. */
export function readExposition(text: string): Map<string, Set<string>> {
  const metrics = new Map<string, Set<string>>();
  const labelsOf = (name: string) => {
    const labels = metrics.get(name) ?? new Set<string>();
    metrics.set(name, labels);
    return labels;
  };
  for (const line of text.split("\n")) {
    const [, family, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (family !== undefined) {
      const suffixes = type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      for (const suffix of suffixes) labelsOf(family + suffix);
    }
    const [, name, labels] = /^([a-z_0-9]+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    for (const [, label = ""] of (labels ?? "").matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g))
      labelsOf(name).add(label);
  }
  return metrics;
}
