/**
 * Whether a badge has the form that the published schema asks for, said by a validator that nobody here wrote.
 *
 * The schema is inside this program, the published one without its prose; the build compares its digest. The validator
 * walks it as data: nothing is compiled, so a page that forbids `eval` can run it. A schema that is not inside is never
 * fetched: whoever writes the badge would choose the work.
 *
 * Open Badges 3.0 "OpenBadgeCredential Verification" step 1; 1EdTech Verifiable Credentials JSON Schema Validator 1.0.
 */

import { Validator } from "@cfworker/json-schema";
import bundled from "bundled-schema";
import { failed, passed, unknown } from "./reports.js";
import { hasType, isObject, listed } from "./structure.js";

const DECLARED = "1EdTechJsonSchemaValidator2019";
/** As many values as the app itself reads in one document. */
const MAX_VALUES = 6_000;

export function checkSchema(document) {
  if (!hasType(document, "OpenBadgeCredential") && !hasType(document, "AchievementCredential")) {
    return unknown("schema", "schema.unknown");
  }
  if (!isSmall(document)) {
    return unknown("schema", "schema.unknown", "too large");
  }
  let answer;
  try {
    answer = new Validator(bundled.schema, "2019-09", true).validate(document);
  } catch (error) {
    return unknown("schema", "schema.unknown", error.message);
  }
  if (!answer.valid) {
    const deepest = answer.errors.at(-1);
    return failed("schema", "schema.violated", `${deepest?.instanceLocation ?? ""}: ${deepest?.error ?? ""}`);
  }
  const declared = listed(document.credentialSchema ?? []).filter((entry) => isObject(entry) && hasType(entry, DECLARED));
  const strange = declared.find((entry) => entry.id !== bundled.address);
  return strange ? unknown("schema", "schema.unknown", strange.id) : passed("schema", "schema.satisfied");
}

function isSmall(document) {
  const waiting = [document];
  for (const item of waiting) {
    // grows while it is walked
    if (item !== null && typeof item === "object") {
      for (const inner of Object.values(item)) {
        if (waiting.push(inner) > MAX_VALUES) {
          return false;
        }
      }
    }
  }
  return true;
}
