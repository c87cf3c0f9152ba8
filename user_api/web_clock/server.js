// The User API as the clock uses it.

const SESSION = "timecontrol.session";
// A server that has not answered by then is as good as away: the punch is kept and sent again.
const TIMEOUT_MS = 8000;

/** The server did not answer: no network, or it is away. */
export class Away extends Error {}

/** The server answered that the request is wrong; `status` is HTTP's, `fault` what is wrong. */
export class Refused extends Error {
  constructor(status, fault) {
    super([fault.reason, fault.advice].filter(Boolean).join(" "));
    this.status = status;
    this.fault = fault;
  }
}

/** The session of the person who is signed in, or null. */
export function session() {
  const stored = JSON.parse(localStorage.getItem(SESSION) ?? "null");
  return stored && new Date(stored.expires_at) > new Date() ? stored : null;
}

/** Keep or forget the session. */
export function setSession(value) {
  if (value) localStorage.setItem(SESSION, JSON.stringify(value));
  else localStorage.removeItem(SESSION);
}

/** Call the API; returns the answer's body. Throws Away or Refused. */
export async function call(method, path, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const signedIn = session();
  if (signedIn) headers.Authorization = `Bearer ${signedIn.token}`;
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
  if (answer.status >= 500) throw new Away(`HTTP ${answer.status}`);
  const content = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok && !content.results) throw new Refused(answer.status, content);
  return content;
}
