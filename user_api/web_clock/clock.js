// The web clock: one page for phone and kiosk. Every punch is kept on the device first, then sent.

import { alone, forget, keep, markOffline, nextOf, waiting } from "./queue.js";
import { Away, Refused, call, endSession, giveUpSession, person, session, setSession, tellServer } from "./server.js";

const $ = (id) => document.getElementById(id);
const DONE = { clock_in: "Clocked in", clock_out: "Clocked out", break_start: "Break started", break_end: "Break ended" };
const AFTER = { clock_in: "in", break_end: "in", break_start: "break", clock_out: "out" };
const STATES = { in: "You are in", break: "You are on a break", out: "You are out", unknown: "Your state is not known yet" };
const EXPECTED = { in: ["break_start", "clock_out"], break: ["break_end"], out: ["clock_in"], unknown: [] };
// Before the server has told it, and while it cannot.
const UNKNOWN = { state: "unknown", since: null };
// HTTP's status of an answer where the server itself does not know the state.
const STATE_UNKNOWN = 503;
// Hours are computed within a minute of a punch; the state follows within a second.
const REFRESH_MS = 15000;
const RETRY_MS = 10000;
// A punch that was taken is the state until the server's own has followed, which is asked for this often and so long.
const FOLLOW_MS = 1000;
const FOLLOW_AT_MOST_MS = 15000;

let known = UNKNOWN;
let taken = null;
let following;

function say(text, fault = false) {
  $("message").classList.toggle("fault", fault);
  $("message").textContent = text;
}

function clockTime(instant) {
  const moment = new Date(instant);
  const sameDay = moment.toDateString() === new Date().toDateString();
  return moment.toLocaleString([], sameDay ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
}

function hoursAndMinutes(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

function waits(count) {
  return `${count} ${count === 1 ? "punch waits" : "punches wait"}`;
}

function showTime() {
  $("now").textContent = new Date().toLocaleTimeString([], { timeStyle: "short" });
}

/** Show who is signed in, their state, and what waits on this device. */
function show() {
  const who = person();
  const mine = waiting().filter((punch) => punch.employee_id === who?.employee_id);
  const others = waiting().length - mine.length;
  $("sign-in").hidden = Boolean(session());
  $("clock").hidden = !who;
  $("offline").hidden = navigator.onLine;
  $("pending").hidden = mine.length + others === 0;
  $("pending").textContent = [
    mine.length ? `${waits(mine.length)} to be sent.` : "",
    others ? `${waits(others)} for ${others === 1 ? "the one who made it" : "those who made them"} to sign in.` : "",
  ].join(" ").trim();
  if (!who) return;
  if (!$("login").value) $("login").value = who.login;
  const last = mine.at(-1);
  const { state, since } = last ? { state: AFTER[last.kind], since: last.occurred_at } : taken ?? known;
  $("clock").dataset.state = state;
  if ($("state").textContent !== STATES[state]) $("state").textContent = STATES[state];
  $("since").textContent = since ? `since ${clockTime(since)}` : "";
  for (const button of $("buttons").children) {
    button.classList.toggle("expected", EXPECTED[state].includes(button.dataset.kind));
  }
  const name = `${who.login} (${who.employee_id})`;
  $("who").textContent = session()
    ? `Signed in as ${name}.`
    : `The session of ${name} has ended. Punches are kept on this device until the next sign-in.`;
}

/** Keep a punch of this moment and try to send it. */
async function punch(kind) {
  const who = person();
  if (!who) return show(); // signed out in another tab
  const event = { event_id: newId(), employee_id: who.employee_id, kind, occurred_at: new Date().toISOString() };
  if (!navigator.onLine || !session()) event.attributes = { offline: true };
  try {
    keep(event);
  } catch {
    return say("This device's storage is full: the punch was not kept. Use another device.", true);
  }
  show();
  const made = `${DONE[kind]} at ${clockTime(event.occurred_at)}. It is kept on this device`;
  if (!session()) return say(`${made}. Sign in to send it.`);
  const outcome = await send();
  if (outcome.away) say(`${made} and sent later.`);
  else if (!outcome.refused) {
    const counts = outcome.counts.get(event.event_id) ?? event.occurred_at;
    say([`${DONE[kind]} at ${clockTime(counts)}.`, ...outcome.warnings].join(" "));
  }
  await refresh();
}

/** Send what waits for the person who is signed in; says whether the server was away, and which instants count. */
function send() {
  return alone(async () => {
    const outcome = { away: false, refused: 0, warnings: [], counts: new Map() };
    for (;;) {
      const punches = session() ? nextOf(person().employee_id) : [];
      if (!punches.length) break;
      try {
        if (punches.length === 1) {
          const answer = await call("POST", "/v1/punches", punches[0]);
          outcome.warnings.push(...answer.warnings);
          outcome.counts.set(answer.event_id, answer.occurred_at);
          // Of a punch that does not fit the server alone knows what it leaves.
          taken = answer.warnings.length ? null : stateAfter(punches[0], answer);
        } else {
          const answer = await call("POST", "/v1/punches/batch", punches);
          for (const result of answer.results) outcome.counts.set(result.event_id, result.occurred_at);
          const last = answer.results.filter((result) => result.status === "accepted").at(-1);
          taken = last ? stateAfter(punches.find((punch) => punch.event_id === last.event_id), last) : null;
          report(answer.results.filter((result) => result.status === "refused"), outcome);
        }
      } catch (error) {
        if (error instanceof Refused && error.status === 422) {
          // The server has kept the bytes: somebody will look at them.
          report([error.fault], outcome);
        } else if (error instanceof Refused && error.status === 401) {
          sessionEnded();
          outcome.refused += 1;
          return outcome;
        } else {
          if (error instanceof Refused) say(error.message, true);
          // Not sent at the time it was made: from now on the device's time is the better one.
          markOffline(punches.map((each) => each.event_id));
          outcome.away = true;
          show();
          return outcome;
        }
      }
      forget(punches.map((each) => each.event_id));
      show();
    }
    return outcome;
  });
}

/** The state that a punch leaves, since the instant that counts. */
function stateAfter(punch, answer) {
  return { state: AFTER[punch.kind], since: answer.occurred_at, until: Date.now() + FOLLOW_AT_MOST_MS };
}

function report(faults, outcome) {
  if (!faults.length) return;
  outcome.refused += faults.length;
  say(`${faults.length} refused and kept for HR to look at: ${faults[0].reason}`, true);
}

/** UUID version 4; also where the page was not loaded over HTTPS, which hides crypto.randomUUID. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Ask the server for the state, and again while it does not know the punch that it has just taken. */
async function refreshState() {
  try {
    known = await call("GET", "/v1/me/state");
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return sessionEnded();
    if (error.status === STATE_UNKNOWN) [known, taken] = [UNKNOWN, null];
  }
  if (taken && (new Date(known.since) >= new Date(taken.since) || Date.now() > taken.until)) taken = null;
  clearTimeout(following);
  if (taken) following = setTimeout(() => session() && refreshState(), FOLLOW_MS);
  show();
}

/** Ask the server for state and hours. While it does not answer the state stays as it is; where it knows none, nor do we. */
async function refresh() {
  if (session()) await refreshState();
  if (!session()) return show();
  try {
    const hours = await call("GET", "/v1/me/hours");
    const today = hours.days.find((day) => day.workday === hours.today);
    $("today").textContent = hoursAndMinutes(today ? today.worked_seconds : 0);
    $("week").textContent = hoursAndMinutes(hours.worked_seconds);
    const open = !["in", "break"].includes(known.state) ? "" : ` What began at ${clockTime(known.session_since)} is added when you clock out.`;
    $("computed").textContent = hours.computed_at ? `Computed at ${clockTime(hours.computed_at)}.${open}` : "";
  } catch {
    $("computed").textContent = "The hours are not there at the moment.";
  }
}

function sessionEnded() {
  endSession();
  show();
  say("The session has ended. Sign in again; punches are kept on this device until then.", true);
  $("login").focus();
}

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  try {
    const opened = await call("POST", "/v1/sessions", { login: form.get("login"), password: form.get("password") });
    if (!opened.employee_id) return say("This account belongs to no employee, so it has no time clock.", true);
    if (opened.employee_id !== person()?.employee_id) [known, taken] = [UNKNOWN, null];
    setSession(opened);
  } catch (error) {
    return say(error instanceof Away ? "The server does not answer. Try again when you are online." : error.message, true);
  }
  event.target.reset();
  show();
  say("Signed in.");
  $("state").focus();
  await send();
  await refresh();
});

$("buttons").addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button || button.getAttribute("aria-disabled") === "true") return;
  // A second tap while the first is under way is a slip of the finger.
  button.setAttribute("aria-disabled", "true");
  try {
    await punch(button.dataset.kind);
  } finally {
    button.removeAttribute("aria-disabled");
  }
});

$("sign-out").addEventListener("click", async () => {
  await send();
  const left = nextOf(person()?.employee_id).length;
  const told = await giveUpSession();
  [known, taken] = [UNKNOWN, null];
  $("today").textContent = $("week").textContent = "–";
  $("login").value = "";
  show();
  say([
    "Signed out.",
    left ? `${waits(left)} on this device: sign in here again to send ${left === 1 ? "it" : "them"}.` : "",
    told ? "" : "The server is told that the session is over as soon as it answers.",
  ].filter(Boolean).join(" "), left > 0 || !told);
  $("login").focus();
});

async function sendAndRefresh() {
  await tellServer();
  show();
  const count = waiting().length;
  if (!count || !session()) return refresh();
  const outcome = await send();
  if (!outcome.away && !outcome.refused) say(count === 1 ? "1 punch was sent." : `${count} punches were sent.`);
  await refresh();
}

addEventListener("online", sendAndRefresh);
addEventListener("offline", show);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
setInterval(() => navigator.onLine && waiting().length && sendAndRefresh(), RETRY_MS);
setInterval(() => navigator.onLine && tellServer(), RETRY_MS);
setInterval(() => document.hidden || refresh(), REFRESH_MS);
setInterval(showTime, 1000);

// The page itself works offline, where the browser allows it: over HTTPS or on the machine itself.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("sw.js");

showTime();
show();
sendAndRefresh();
