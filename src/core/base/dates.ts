/** The day of a date in UTC, such as 2026-11-21: that of the table of models and prices. */
export function utcDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The day of a date in the calendar of this computer, such as 2026-11-21: that of the user's budget. */
export function localDay(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
