import type { MailboxEntry } from "@gateway/conversation";
import { describe, expect, it } from "@jest/globals";
import { chooseBatch } from "./choose-batch.ts";

const settings = { quietMs: 1200, capMs: 5000 };
const at = (...times: (number | undefined)[]): MailboxEntry[] =>
  times.map((receivedAtMs) => ({
    raw: "",
    mark: undefined,
    message:
      receivedAtMs === undefined ? undefined : ({ receivedAtMs } as NonNullable<MailboxEntry["message"]>),
  }));

describe("chooseBatch", () => {
  it.each([
    ["waits for more after a first message", at(1000), 1000, { waitMs: 1200 }],
    ["waits only for what is left of the quiet time", at(1000), 2000, { waitMs: 200 }],
    ["takes what came in quick succession", at(1000, 2000, 3000), 4300, { take: 3 }],
    ["does not wait where the next message already begins another turn", at(1000, 9000), 9000, { take: 1 }],
    ["starts at the cap although more keeps coming", at(1000, 2000, 3000, 4000, 5000), 6000, { take: 5 }],
    [
      "leaves what came after the cap for the next turn",
      at(0, 1000, 2000, 3000, 4000, 5000, 6000),
      6100,
      { take: 6 },
    ],
    ["never waits longer than the quiet time when clocks disagree", at(9000), 1000, { waitMs: 1200 }],
    ["takes an unreadable entry alone", at(undefined, 1000), 1000, { take: 1 }],
    ["stops before an unreadable entry", at(1000, undefined), 1000, { take: 1 }],
  ])("%s", (_, waiting, now, expected) => {
    expect(chooseBatch(waiting, now, settings)).toEqual(expected);
  });

  it("keeps a turn of its own to itself and takes it at once", () => {
    const own = (name: string | undefined) =>
      at(1000).map((entry) => ({
        ...entry,
        message: { ...entry.message, ownTurn: name } as MailboxEntry["message"],
      }));
    const [first, second, third, other] = [own("q1"), own("q1"), own("q2"), own(undefined)].flat();
    const batch = (...entries: (MailboxEntry | undefined)[]) =>
      chooseBatch(
        entries.filter((entry) => entry !== undefined),
        1000,
        settings,
      );
    expect(batch(first)).toEqual({ take: 1 });
    expect(batch(first, second, third)).toEqual({ take: 2 });
    expect(batch(first, other)).toEqual({ take: 1 });
    expect(batch(other, first)).toEqual({ take: 1 });
  });

  it("takes a message at once where batching is off", () => {
    expect(chooseBatch(at(1000), 1000, { quietMs: 0, capMs: 0 })).toEqual({ take: 1 });
  });
});
