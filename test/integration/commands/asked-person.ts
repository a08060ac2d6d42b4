import { waitUntil } from "../../support/wait-until.ts";
import type { Harness, Person } from "./harness.ts";

interface Asked {
  readonly title?: string;
  readonly detail?: string;
  readonly cards?: boolean;
}

/** A running turn whose agent has asked for something. */
export async function askPerson(
  harness: Harness,
  { title = "rm -rf build", detail = "in /srv", cards = false }: Asked = {},
) {
  const person = harness.person();
  const held = harness.runner.hold();
  await person.write("clean up");
  const turn = person.turn(person.conversation, { cards });
  const run = await held;
  const decision = run.io.approve({ title, detail });
  const code = await pendingCode(harness, person);
  const end = async () => {
    run.answer("done");
    await turn;
  };
  return { person, run, decision, code, end };
}

export async function pendingCode(harness: Harness, person: Person, count = 1): Promise<string> {
  const requests = await waitUntil("the request is there", async () => {
    const pending = await harness.tools.approvals.pending(person.conversation);
    return pending.length === count && pending;
  });
  return requests.at(-1)?.code ?? "";
}
