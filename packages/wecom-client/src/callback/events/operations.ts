import type { XmlElement } from "../xml.ts";
import { child, decimal, defined, text, token } from "../xml-fields.ts";

/** An asynchronous batch job is done (WeCom doc 90240). */
export interface BatchJobContent {
  readonly jobId: string;
  /** For instance `sync_user`, `replace_party`, `export_user`. */
  readonly jobType: string;
  /** 0 when the job succeeded. */
  readonly errorCode?: number;
  readonly errorMessage?: string;
}
/** An asynchronous media upload is done; its result is fetched by the job id (WeCom doc 96219). */
export interface UploadJobContent {
  readonly jobId: string;
}
/** The app is about to be suspended for want of use (WeCom doc 90240). */
export interface InactivityContent {
  /** When it takes effect, epoch seconds. */
  readonly effectTime?: number;
}
/** The display mode of the app on the workbench was switched (WeCom doc 92535). */
export interface WorkbenchModeContent {
  readonly mode?: number;
}

export function readBatchJob(xml: XmlElement): BatchJobContent | undefined {
  const job = child(xml, "BatchJob");
  const jobId = job && token(job, "JobId");
  if (job === undefined || jobId === undefined) return undefined;
  return defined({
    jobId,
    jobType: token(job, "JobType") ?? "",
    errorCode: decimal(job, "ErrCode"),
    errorMessage: text(job, "ErrMsg"),
  });
}

export function readUploadJob(xml: XmlElement): UploadJobContent | undefined {
  const jobId = token(xml, "JobId");
  return jobId === undefined ? undefined : { jobId };
}

export function readInactivity(xml: XmlElement): InactivityContent {
  return defined({ effectTime: decimal(xml, "EffectTime") });
}

export function readWorkbenchMode(xml: XmlElement): WorkbenchModeContent {
  return defined({ mode: decimal(xml, "Mode") });
}
