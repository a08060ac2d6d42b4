/** A file that a message carries, as far as a member sees it. */
export interface ShownMedia {
  readonly mediaId: string;
  readonly filename: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

export interface ShownArticle {
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly picUrl: string;
}

/** What WeCom lets a member see of a message. */
export type ShownContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "markdown"; readonly text: string }
  | { readonly kind: "image" | "voice" | "file"; readonly media: ShownMedia }
  | {
      readonly kind: "video";
      readonly media: ShownMedia;
      readonly title: string;
      readonly description: string;
    }
  | {
      readonly kind: "textcard";
      readonly title: string;
      readonly description: string;
      readonly url: string;
      readonly button: string;
    }
  | { readonly kind: "news" | "mpnews"; readonly articles: readonly ShownArticle[] }
  | {
      readonly kind: "miniprogram_notice";
      readonly title: string;
      readonly description: string;
      readonly items: readonly { readonly key: string; readonly value: string }[];
    }
  | {
      readonly kind: "template_card";
      readonly card: Readonly<Record<string, unknown>>;
      /** The text that replaced the buttons after an update. */
      readonly replacedButton?: string;
    };
