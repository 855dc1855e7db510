/**
 * What was found, check by check: *failed* is kept apart from *could not check*, and only what was checked passes.
 *
 * The codes and reasons are those of the app's own reports (`microcred_app/ob3/report.py`); the page translates them.
 */

export const PASSED = "passed";
export const FAILED = "failed";
export const COULD_NOT_CHECK = "could_not_check";
/** The bearing of a line about what somebody else says: it is shown and does not decide. */
export const INFORMS = "informs";

/** One question and its answer. */
export const check = (code, outcome, reason, detail = "") => ({ code, outcome, reason, detail: String(detail).slice(0, 300) });
export const passed = (code, reason, detail) => check(code, PASSED, reason, detail);
export const failed = (code, reason, detail) => check(code, FAILED, reason, detail);
export const unknown = (code, reason, detail) => check(code, COULD_NOT_CHECK, reason, detail);

/** `invalid` if a check that decides failed, else `undetermined` if one could not be made or none was, else `valid`. */
export function verdict(checks) {
  const deciding = checks.filter((one) => one.bearing !== INFORMS);
  const outcomes = new Set(deciding.map((one) => one.outcome));
  if (outcomes.has(FAILED)) {
    return "invalid";
  }
  return outcomes.has(COULD_NOT_CHECK) || !deciding.length ? "undetermined" : "valid";
}
