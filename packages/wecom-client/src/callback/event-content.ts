import type { OpenApprovalContent, SystemApprovalContent } from "./events/approval.ts";
import { readOpenApproval, readSystemApproval } from "./events/approval.ts";
import type { ContactChangeContent } from "./events/contact.ts";
import { readContactChange } from "./events/contact.ts";
import type { EnterAgentContent, NoContent, PositionContent } from "./events/membership.ts";
import { readEnterAgent, readNothing, readPosition } from "./events/membership.ts";
import type {
  LocationSelectContent,
  MenuKeyContent,
  PicturesContent,
  ScanCodeContent,
} from "./events/menu.ts";
import { readLocationSelect, readMenuKey, readPictures, readScanCode } from "./events/menu.ts";
import type {
  BatchJobContent,
  InactivityContent,
  UploadJobContent,
  WorkbenchModeContent,
} from "./events/operations.ts";
import { readBatchJob, readInactivity, readUploadJob, readWorkbenchMode } from "./events/operations.ts";
import type { CardContent, CardMenuContent, TaskCardContent } from "./events/template-card.ts";
import { readCard, readCardMenu, readTaskCard } from "./events/template-card.ts";
import type { XmlElement } from "./xml.ts";

/**
 * What each event carries beyond the common fields, by its name in lower case (WeCom doc 90240).
 *
 * `subscribe` and `unsubscribe` follow the app's visible range, not anything the user does. The events of
 * suspension (`close_inactive_agent`, …) concern operators: sending fails while an app is stopped.
 */
export interface EventContents {
  subscribe: NoContent;
  unsubscribe: NoContent;
  enter_agent: EnterAgentContent;
  location: PositionContent;
  click: MenuKeyContent;
  view: MenuKeyContent;
  view_miniprogram: MenuKeyContent;
  scancode_push: ScanCodeContent;
  scancode_waitmsg: ScanCodeContent;
  pic_sysphoto: PicturesContent;
  pic_photo_or_album: PicturesContent;
  pic_weixin: PicturesContent;
  location_select: LocationSelectContent;
  template_card_event: CardContent;
  template_card_menu_event: CardMenuContent;
  taskcard_click: TaskCardContent;
  change_contact: ContactChangeContent;
  open_approval_change: OpenApprovalContent;
  sys_approval_change: SystemApprovalContent;
  batch_job_result: BatchJobContent;
  upload_media_job_finish: UploadJobContent;
  share_agent_change: NoContent;
  share_chain_change: NoContent;
  inactive_alert: InactivityContent;
  low_active_alert: InactivityContent;
  close_inactive_agent: NoContent;
  reopen_inactive_agent: NoContent;
  low_active: NoContent;
  active_restored: NoContent;
  switch_workbench_mode: WorkbenchModeContent;
}

/** One reader for each event; undefined makes the event unsupported, as for messages. */
export const EVENT_READERS: {
  readonly [E in keyof EventContents]: (xml: XmlElement) => EventContents[E] | undefined;
} = {
  subscribe: readNothing,
  unsubscribe: readNothing,
  enter_agent: readEnterAgent,
  location: readPosition,
  click: readMenuKey,
  view: readMenuKey,
  view_miniprogram: readMenuKey,
  scancode_push: readScanCode,
  scancode_waitmsg: readScanCode,
  pic_sysphoto: readPictures,
  pic_photo_or_album: readPictures,
  pic_weixin: readPictures,
  location_select: readLocationSelect,
  template_card_event: readCard,
  template_card_menu_event: readCardMenu,
  taskcard_click: readTaskCard,
  change_contact: readContactChange,
  open_approval_change: readOpenApproval,
  sys_approval_change: readSystemApproval,
  batch_job_result: readBatchJob,
  upload_media_job_finish: readUploadJob,
  share_agent_change: readNothing,
  share_chain_change: readNothing,
  inactive_alert: readInactivity,
  low_active_alert: readInactivity,
  close_inactive_agent: readNothing,
  reopen_inactive_agent: readNothing,
  low_active: readNothing,
  active_restored: readNothing,
  switch_workbench_mode: readWorkbenchMode,
};
