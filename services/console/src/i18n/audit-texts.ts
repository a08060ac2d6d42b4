import type { AuditEvent } from "../audit/audit-log.ts";

/** The texts of the page about what operators did. */
export interface AuditTexts {
  readonly title: string;
  readonly about: string;
  readonly when: string;
  readonly who: string;
  readonly what: string;
  readonly from: string;
  readonly nobody: string;
  readonly events: Readonly<Record<AuditEvent, string>>;
}

export const auditEn: AuditTexts = {
  title: "Audit",
  about: "What operators did, the latest first. The log has each of these as a line, too.",
  when: "When",
  who: "Who",
  what: "What",
  from: "From where",
  nobody: "nobody",
  events: {
    signed_in: "signed in",
    signed_out: "signed out",
    login_refused: "failed to sign in",
    write: "changed a queue or a job",
    dead_replay: "replayed a dead letter",
    dead_drop: "dropped a dead letter",
    access: "decided who may talk",
    chat_created: "created a group",
    content_viewed: "read a message",
  },
};

export const auditZhCN: AuditTexts = {
  title: "审计",
  about: "操作员做过的事，最新的在前。每一条在日志里也有一行。",
  when: "时间",
  who: "操作员",
  what: "操作",
  from: "来源地址",
  nobody: "未登录",
  events: {
    signed_in: "登录",
    signed_out: "退出登录",
    login_refused: "登录失败",
    write: "修改队列或任务",
    dead_replay: "重放死信",
    dead_drop: "丢弃死信",
    access: "决定谁可以使用",
    chat_created: "创建群聊",
    content_viewed: "查看消息内容",
  },
};
