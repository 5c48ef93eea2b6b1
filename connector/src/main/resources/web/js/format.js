/** Numbers and times as people read them. Pure; the locale can be given for tests. */

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** @param {number} bytes @returns {string} with decimal units, such as `12.4 MB` */
export function formatBytes(bytes) {
  let unit = 0;
  let value = bytes;
  // 999,950 B would be printed as 1000.0 kB.
  while (value >= (unit === 0 ? 1_000 : 999.95) && unit < BYTE_UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return unit === 0 ? `${value} B` : `${value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** @param {number} millis @returns {string} `m:ss` or `h:mm:ss`, rounded to the second */
export function formatDuration(millis) {
  const seconds = Math.round(millis / 1_000);
  const two = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const tail = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** @param {number} millis @returns {string} a span in words, such as `340 ms`, `1.2 s`, `2 min 5 s` */
export function formatSpan(millis) {
  if (millis < 1_000) {
    return `${Math.round(millis)} ms`;
  }
  if (millis < 59_950) {
    return `${(millis / 1_000).toFixed(1)} s`;
  }
  const seconds = Math.round(millis / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** @param {string | number} instant ISO text or Unix milliseconds @returns {string} day and time of this place */
export function formatDateTime(instant, locale = undefined, timeZone = undefined) {
  return new Intl.DateTimeFormat(locale, {dateStyle: 'medium', timeStyle: 'short', timeZone}).format(new Date(instant));
}

/** @param {string | number} instant @returns {string} the time to the second */
export function formatTime(instant, locale = undefined, timeZone = undefined) {
  return new Intl.DateTimeFormat(locale, {timeStyle: 'medium', timeZone}).format(new Date(instant));
}

/** @param {number} count @returns {string} with the separators of the locale */
export function formatCount(count, locale = undefined) {
  return new Intl.NumberFormat(locale).format(count);
}

/** @param {number} ppm parts in a million @returns {string} `none`, or per cent with two digits that mean something */
export function formatPpm(ppm) {
  if (ppm === 0) {
    return 'none';
  }
  return ppm < 100 ? '< 0.01 %' : `${(ppm / 10_000).toFixed(ppm < 100_000 ? 2 : 1)} %`;
}

/** @param {number} count @param {string} one @param {string} [many] @returns {string} such as `1 gap`, `2 gaps` */
export function formatPlural(count, one, many = `${one}s`) {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
