import { defineTexts } from "../define-texts.ts";

/** What is said about replies that did not go out as they should. */
export const deliveryTexts = defineTexts({
  late: {
    "zh-CN": "🕓 以下回复因服务中断晚到了 {late}：\n{text}",
    en: "🕓 This reply is {late} late because of an outage:\n{text}",
  },
  duplicate: {
    "zh-CN": "♻️ 重发（您可能已收到过这条）：\n{text}",
    en: "♻️ Sent again, you may have it already:\n{text}",
  },
});
