import type { Language } from "../i18n/language.ts";

type CodeTexts = Readonly<Record<Language, readonly [cause: string, remedy: string]>>;

const REPLAY_EN = "Replay the message when the cause is mended.";
const REPLAY_ZH = "排除原因后重放该消息。";
const WAIT_EN = "Nothing to do: it is tried again.";
const WAIT_ZH = "无需处理，会自动重试。";
const RESEND_EN = "Nothing to do: the same bytes are sent again while WeCom recognises them.";
const RESEND_ZH = "无需处理：在企业微信可识别重复的时间内会以相同内容重发。";

/** The gateway's own codes. Those of WeCom are in its client's table. */
export const codeTexts: Readonly<Record<string, CodeTexts>> = {
  agent: {
    en: ["The agent ended with an error.", `Look at the agent's own log. ${REPLAY_EN}`],
    "zh-CN": ["智能体以错误结束。", `请查看智能体自身的日志。${REPLAY_ZH}`],
  },
  empty: {
    en: ["The agent ended without an answer.", `Look at the agent's own log. ${REPLAY_EN}`],
    "zh-CN": ["智能体结束时没有给出答复。", `请查看智能体自身的日志。${REPLAY_ZH}`],
  },
  output: {
    en: [
      "The agent's output could not be read.",
      "Make the agent write what its runner expects, then replay.",
    ],
    "zh-CN": ["无法读取智能体的输出。", "请让智能体按运行器要求的格式输出，然后重放。"],
  },
  timeout: {
    en: [
      "The run took longer than AGENT_TIMEOUT_SECONDS.",
      "Raise the limit if such runs are wanted, then replay.",
    ],
    "zh-CN": ["运行时间超过 AGENT_TIMEOUT_SECONDS。", "如确需更长时间，请调大该值后重放。"],
  },
  idle: {
    en: [
      "The run gave no sign of life for AGENT_IDLE_SECONDS and was stopped.",
      "Look why the agent hung, or raise the limit, then replay.",
    ],
    "zh-CN": [
      "运行在 AGENT_IDLE_SECONDS 内没有任何动静，已被停止。",
      "请查明智能体卡住的原因，或调大该值后重放。",
    ],
  },
  config: {
    en: ["The agent cannot be started.", "The worker's log says what is missing. Mend it, then replay."],
    "zh-CN": ["无法启动智能体。", "缺少什么见 worker 日志。修复后重放。"],
  },
  internal: {
    en: [
      "Something failed inside the gateway.",
      "The worker's log says what, under this id. Please report it.",
    ],
    "zh-CN": ["网关内部出错。", "详情见 worker 日志（以此 ID 查找），并请反馈该问题。"],
  },
  poison: {
    en: [
      "Every run of this message ended with its worker's process.",
      "Look what ends the worker (memory?) before you replay it.",
    ],
    "zh-CN": [
      "该消息每次运行都随 worker 进程一起中断。",
      "重放前请先查明 worker 进程中断的原因（内存不足？）。",
    ],
  },
  unreadable: {
    en: [
      "The stored message cannot be read by this version.",
      "Update the gateway to the version that stored it, then replay.",
    ],
    "zh-CN": ["当前版本无法读取已保存的消息。", "请升级到保存它的版本后重放。"],
  },
  outcome_unknown: {
    en: [
      "Nobody knows whether a part was delivered, and WeCom would no longer recognise a repetition.",
      "Ask the person. Replay sends it again, perhaps twice; drop leaves it as it is.",
    ],
    "zh-CN": [
      "无法确定其中一段是否已送达，且企业微信已不再识别重复内容。",
      "请向用户确认：重放会再次发送（可能重复），丢弃则保持现状。",
    ],
  },
  too_late: {
    en: ["The reply could not be sent for a day.", "Replay it if it is still of use, drop it otherwise."],
    "zh-CN": ["回复在一天内都未能发出。", "仍有用则重放，否则丢弃。"],
  },
  record_missing: {
    en: [
      "The stored reply is gone from Redis.",
      "It cannot be sent any more: ask the person to write again.",
    ],
    "zh-CN": ["Redis 中的回复记录已丢失。", "无法再发送，请让用户重新提问。"],
  },
  invaliduser: {
    en: [
      "WeCom took the message and delivered it to nobody: the person is not a valid receiver.",
      "Check that the person is a member and in the app's visible range, then replay.",
    ],
    "zh-CN": [
      "企业微信接受了请求但未送达：该成员不是有效接收者。",
      "请确认该成员存在且在应用可见范围内，然后重放。",
    ],
  },
  connect_failed: {
    en: ["No connection to WeCom.", "Check the network, the name service and the proxy. It is tried again."],
    "zh-CN": ["无法连接企业微信。", "请检查网络、DNS 与代理，会自动重试。"],
  },
  connect_timeout: {
    en: ["No connection to WeCom in time.", "Check the network and the proxy. It is tried again."],
    "zh-CN": ["连接企业微信超时。", "请检查网络与代理，会自动重试。"],
  },
  proxy_refused: {
    en: ["The proxy did not let the request through.", "Check WECOM_HTTP_PROXY, its user and its rules."],
    "zh-CN": ["代理拒绝了请求。", "请检查 WECOM_HTTP_PROXY 及其账号与规则。"],
  },
  answer_timeout: {
    en: ["WeCom did not answer in time.", RESEND_EN],
    "zh-CN": ["企业微信未及时应答。", RESEND_ZH],
  },
  connection_lost: {
    en: ["The connection broke before WeCom's answer came.", RESEND_EN],
    "zh-CN": ["在收到企业微信应答前连接中断。", RESEND_ZH],
  },
  http_status: {
    en: [
      "A server in between answered instead of WeCom.",
      "Check WECOM_API_BASE_URL and the proxy if it lasts.",
    ],
    "zh-CN": ["应答来自中间服务器而非企业微信。", "若持续出现，请检查 WECOM_API_BASE_URL 与代理。"],
  },
  answer_not_json: {
    en: ["WeCom's answer was damaged.", RESEND_EN],
    "zh-CN": ["企业微信的应答已损坏。", RESEND_ZH],
  },
  token_paused: {
    en: [
      "WeCom refused to give an access token a moment ago.",
      "The worker's log says why. It is tried again.",
    ],
    "zh-CN": ["企业微信刚刚拒绝签发 access_token。", "原因见 worker 日志，会自动重试。"],
  },
  token_wait_timeout: {
    en: ["The access token took too long.", WAIT_EN],
    "zh-CN": ["获取 access_token 超时。", WAIT_ZH],
  },
  token_refused_repeatedly: {
    en: [
      "WeCom keeps refusing fresh access tokens.",
      "Look for another program that uses the same app secret.",
    ],
    "zh-CN": ["企业微信持续拒绝新签发的 access_token。", "请检查是否有其他程序在使用同一应用的 Secret。"],
  },
  content_too_long: {
    en: ["A part is longer than WeCom keeps.", "Please report it: parts are cut before they are stored."],
    "zh-CN": ["其中一段超过企业微信的长度限制。", "请反馈该问题：内容在保存前应已切分。"],
  },
};
