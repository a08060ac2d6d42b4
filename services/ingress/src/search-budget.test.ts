import { describe, expect, it } from "@jest/globals";
import { createSearchBudget } from "./search-budget.ts";

describe("the budget for searches", () => {
  it("never limits a request that names its app", () => {
    const budget = createSearchBudget(10);
    for (let i = 0; i < 1000; i += 1) expect(budget.take(1, 5000)).toBe(true);
  });

  it("allows so many apps a second and starts anew in the next", () => {
    const budget = createSearchBudget(10);
    expect([budget.take(5, 5000), budget.take(5, 5400), budget.take(5, 5999)]).toEqual([true, true, false]);
    expect(budget.take(5, 6000)).toBe(true);
  });

  it("lets even the largest directory be searched once a second", () => {
    const budget = createSearchBudget(10);
    expect([budget.take(500, 5000), budget.take(500, 5001), budget.take(500, 6000)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
