import { ConfigError } from "@gateway/service-kit";
import type { Texts } from "./catalog.ts";
import { createTexts } from "./catalog.ts";
import { checkOverrides } from "./check-overrides.ts";
import type { Language } from "./define-texts.ts";
import { readOverridesFile } from "./read-overrides-file.ts";

/**
 * The texts of a language, some of them replaced by a file's (YAML or JSON): topics, in them keys, in them
 * templates, as in the catalogue. Throws a ConfigError that names every fault of the file.
 */
export function loadTexts(settings: {
  readonly language: Language;
  readonly overridesFile?: string | undefined;
}): Texts {
  const { language, overridesFile } = settings;
  if (overridesFile === undefined) return createTexts(language);
  const file = readOverridesFile(overridesFile);
  if (!file.ok) throw new ConfigError([file.fault]);
  const checked = checkOverrides(file.content, overridesFile);
  if (checked.faults.length > 0) throw new ConfigError(checked.faults);
  return createTexts(language, checked.overrides);
}
