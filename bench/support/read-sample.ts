/** One figure of a service's /metrics: the sum over its labels. NaN where it has none of that name. */
export async function readSample(metricsUrl: string | undefined, name: string): Promise<number> {
  if (metricsUrl === undefined) throw new Error("the service serves no metrics");
  const text = await (await fetch(metricsUrl)).text();
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, "gm"))].map(([, value]) =>
    Number(value),
  );
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0);
}
