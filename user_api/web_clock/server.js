// The User API as the clock uses it.

const SESSION = "timecontrol.session";
const GIVEN_UP = "timecontrol.given_up";
// A server that has not answered by then is as good as away: the punch is kept and sent again.
const TIMEOUT_MS = 8000;

/** The server did not answer: no network, or it is away. One of its own may be, then `status` is HTTP's. */
export class Away extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** The server answered that the request is wrong; `status` is HTTP's, `fault` what is wrong. */
export class Refused extends Error {
  constructor(status, fault) {
    super([fault.reason, fault.advice].filter(Boolean).join(" "));
    this.status = status;
    this.fault = fault;
  }
}

/** Who has signed in on this device and not signed out, or null; their session may have ended. */
export function person() {
  return JSON.parse(localStorage.getItem(SESSION) ?? "null");
}

/** The session of that person while it holds, or null. */
export function session() {
  const stored = person();
  return stored && new Date(stored.expires_at) > new Date() ? stored : null;
}

/** Keep the session of a person who has signed in. */
export function setSession(value) {
  localStorage.setItem(SESSION, JSON.stringify(value));
}

/** The server no longer takes the session; who it was stays known, so that their punches can be kept. */
export function endSession() {
  if (person()) setSession({ ...person(), token: null, expires_at: new Date(0).toISOString() });
}

/** Sign out on this device, and have the server take the session back; false where it is to be told of it later. */
export function giveUpSession() {
  const held = session();
  localStorage.removeItem(SESSION);
  if (held) setGivenUp([...givenUp(), held.token]);
  return tellServer();
}

/** Have the server take back the sessions that were given up without a connection; false where it does not answer. */
export async function tellServer() {
  for (const token of givenUp()) {
    try {
      await call("DELETE", "/v1/sessions/current", undefined, token);
    } catch (error) {
      // One that is refused no longer holds.
      if (!(error instanceof Refused)) return false;
    }
    setGivenUp(givenUp().filter((each) => each !== token));
  }
  return true;
}

function givenUp() {
  return JSON.parse(localStorage.getItem(GIVEN_UP) ?? "[]");
}

function setGivenUp(tokens) {
  localStorage.setItem(GIVEN_UP, JSON.stringify(tokens));
}

/** Call the API; returns the answer's body. Throws Away or Refused. */
export async function call(method, path, body, token = session()?.token) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: "no-store",
    });
  } catch (error) {
    throw new Away(String(error));
  }
  if (answer.status >= 500) throw new Away(`HTTP ${answer.status}`, answer.status);
  const content = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok && !content.results) throw new Refused(answer.status, content);
  return content;
}
