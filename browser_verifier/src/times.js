/** Moments with their time zone, as XML Schema's dateTimeStamp writes them. */

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** What two clocks may differ by. */
export const SKEW_MS = 2 * 60 * 1000;

/** Milliseconds, or NaN for what is not a moment with a zone; every comparison with NaN is false. */
export const parseTime = (text) => (typeof text === "string" && MOMENT.test(text) ? Date.parse(text) : NaN);
