import { describe, expect, it } from "@jest/globals";
import { agentMessageSchema } from "./agent-messages.ts";

const button = (key: string) => ({
  msgtype: "template_card",
  template_card: {
    card_type: "button_interaction",
    main_title: { title: "Colour?" },
    task_id: "t1",
    button_list: [{ text: "Red", key }],
  },
});

describe("a message that an agent composes", () => {
  it("may have buttons whose keys come back to it", () => {
    expect(agentMessageSchema.safeParse(button("red")).success).toBe(true);
  });

  it.each(["approve:AB23", "deny:AB23", "stop:re-cb-1", "approve", "/approve AB23", "/deny", "停止", "new"])(
    "may have no button that the gateway would take for a command: %s",
    (key) => {
      const { error } = agentMessageSchema.safeParse(button(key));
      expect(error?.issues[0]?.message).toMatch(/is a command of the gateway/);
    },
  );

  it("is nothing that goes out as text or by a media id", () => {
    for (const message of [
      { msgtype: "text", text: { content: "x" } },
      { msgtype: "image", image: { media_id: "m" } },
    ])
      expect(agentMessageSchema.safeParse(message).error?.issues[0]?.path).toEqual(["msgtype"]);
  });
});
