/**
 * A simulation, without Redis: how evenly companies spread over several gateways, and gateways over the primaries of a
 * cluster. The fuller the fullest, the less of the whole can be used.
 */
import { createRandom } from "../test/faults/random.ts";
import { print, printHead, printTable } from "./support/print.ts";
import { sized } from "./support/scale.ts";
import { median, percentile } from "./support/statistics.ts";

const ROUNDS = sized(2000, 500, 20);
const COMPANIES = [20, 200, 2000];
const GATEWAYS = [2, 4, 8, 16];
const PRIMARIES = [3, 6];
const random = createRandom(1);

printHead(`Sharding: ${ROUNDS} rounds each; the fullest in relation to the mean, median (95 %)`);
print("Companies over gateways. The k-th largest company writes 1/k of what the largest does (Zipf).\n");
printTable(
  ["companies", "largest has", ...GATEWAYS.flatMap((count) => [`${count}, by hash`, "by size"])],
  COMPANIES.map((companies) => {
    const loads = Array.from({ length: companies }, (_, index) => 1 / (index + 1));
    const share = (100 / sum(loads)).toFixed(0);
    const cells = GATEWAYS.flatMap((count) => [
      simulate(() => spread(loads, count, atRandom)),
      simulate(() => spread(loads, count, leastLoaded)),
    ]);
    return [String(companies), `${share} %`, ...cells];
  }),
);
print("Gateways of equal load over primaries.\n");
printTable(
  ["gateways", ...PRIMARIES.flatMap((count) => [`${count}, by hash`, "chosen names"])],
  GATEWAYS.map((gateways) => {
    const loads = Array.from({ length: gateways }, () => 1);
    const cells = PRIMARIES.flatMap((count) => [
      simulate(() => spread(loads, count, atRandom)),
      simulate(() => spread(loads, count, leastLoaded)),
    ]);
    return [String(gateways), ...cells];
  }),
);

type Place = (bins: readonly number[]) => number;

function atRandom(bins: readonly number[]): number {
  return random.between(0, bins.length - 1);
}

function leastLoaded(bins: readonly number[]): number {
  return bins.indexOf(Math.min(...bins));
}

/** @param loads largest first. Returns the fullest bin's load in relation to the mean. */
function spread(loads: readonly number[], count: number, place: Place): number {
  const bins = Array.from({ length: count }, () => 0);
  for (const load of loads) {
    const index = place(bins);
    bins[index] = (bins[index] ?? 0) + load;
  }
  return (Math.max(...bins) * count) / sum(bins);
}

function simulate(round: () => number): string {
  const ratios = Array.from({ length: ROUNDS }, round).sort((a, b) => a - b);
  return `${median(ratios).toFixed(2)} (${percentile(ratios, 0.95).toFixed(2)})`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
