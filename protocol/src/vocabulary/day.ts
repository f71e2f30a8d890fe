// Calendar days as `YYYY-MM-DD`. No time zone: a day is what the person's calendar says.

const DAY = /^(?:19|2\d)\d{2}-\d{2}-\d{2}$/;

/** Whole days since 1970-01-01, or null when it is no real day of the years 1900 to 2999. */
export function dayNumber(day: string): number | null {
  if (!DAY.test(day)) return null;
  const time = Date.parse(`${day}T00:00:00Z`);
  // Date.parse takes 31 February for 3 March; a real day comes back as it went in.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) return null;
  return time / 86_400_000;
}
