/** Slack timestamps and dates in the reader's own zone and words. */

const DAY = 86_400_000;

function format(at, options) {
  return new Intl.DateTimeFormat("en-GB", options).format(at);
}

/** The moment of a Slack `ts` ("1700000000.000100") or of unix seconds. */
export function moment(ts) {
  return new Date(Number.parseFloat(ts) * 1000);
}

/** The time of day, as 14:05. */
export function clock(at) {
  return format(at, { hour: "2-digit", minute: "2-digit" });
}

/** The whole moment, for tooltips. */
export function fully(at) {
  return format(at,
    {
      weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit",
      second: "2-digit",
    });
}

function midnight(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

function daysAgo(at) {
  return Math.round((midnight(new Date()) - midnight(at)) / DAY);
}

function near(at) {
  return { "-1": "tomorrow", 0: "today", 1: "yesterday" }[daysAgo(at)] ?? null;
}

function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** The heading of a day in the message list. */
export function dayName(at) {
  const word = near(at);
  if (word) return capital(word);
  const year = at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return format(at, { weekday: "long", day: "numeric", month: "long", ...year });
}

/** How long ago, in a few words: "just now", "5 minutes ago". */
export function ago(at) {
  const seconds = Math.round((Date.now() - at.getTime()) / 1000);
  if (Math.abs(seconds) < 60) return seconds >= 0 ? "just now" : "in a moment";
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length);
  return new Intl.RelativeTimeFormat("en").format(-Math.round(seconds / size), unit);
}

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const MEDIUM = { day: "numeric", month: "long", year: "numeric" };
const SHORT = { day: "numeric", month: "short", year: "numeric" };

function twoDigits(number) {
  return String(number).padStart(2, "0");
}

const PARTS = {
  date_num: (at) => [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join("-"),
  date_slash: (at) => format(at, { day: "2-digit", month: "2-digit", year: "numeric" }),
  date: (at) => format(at, MEDIUM),
  date_pretty: (at) => near(at) ?? format(at, MEDIUM),
  date_short: (at) => format(at, SHORT),
  date_short_pretty: (at) => near(at) ?? format(at, SHORT),
  date_long: (at) => format(at, LONG),
  date_long_pretty: (at) => near(at) ?? format(at, LONG),
  date_long_full: (at) => format(at, LONG),
  day_divider_pretty: (at) => dayName(at),
  time: (at) => clock(at),
  time_secs: (at) => format(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago: (at) => ago(at),
};

/** Fills Slack's date tokens ("{date_short} at {time}"). */
export function fillDate(pattern, seconds) {
  const at = moment(seconds);
  const words = pattern.replace(/\{(\w+)\}/g, (whole, name) => PARTS[name]?.(at) ?? whole);
  return /^\{\w+_pretty\}/.test(pattern) ? capital(words) : words;
}
