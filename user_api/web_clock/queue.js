// Punches that the server has not confirmed, in localStorage: they survive a reload, a crash and a flat battery.
// A punch leaves only when the server has answered for its event_id, so it may be sent twice and is counted once.

const KEY = "timecontrol.punches";
const BATCH = 500;

/** All waiting punches, oldest first, each with the employee it belongs to. */
export function waiting() {
  return JSON.parse(localStorage.getItem(KEY) ?? "[]");
}

/** Keep a punch until it is confirmed; throws when the device's storage is full. */
export function keep(punch) {
  localStorage.setItem(KEY, JSON.stringify([...waiting(), punch]));
}

/** Forget punches that the server has answered for. */
export function forget(eventIds) {
  const done = new Set(eventIds);
  localStorage.setItem(KEY, JSON.stringify(waiting().filter((punch) => !done.has(punch.event_id))));
}

/** From now on these punches say that they were made without a connection, so that the device's time counts. */
export function markOffline(eventIds) {
  const marked = new Set(eventIds);
  const punches = waiting().map((punch) =>
    marked.has(punch.event_id) ? { ...punch, attributes: { ...punch.attributes, offline: true } } : punch);
  localStorage.setItem(KEY, JSON.stringify(punches));
}

/** The next punches of an employee to send together. */
export function nextOf(employeeId) {
  return waiting().filter((punch) => punch.employee_id === employeeId).slice(0, BATCH);
}

/** Run alone among all open pages of this clock, so that no two send the same punches at once. */
export function alone(task) {
  return navigator.locks ? navigator.locks.request("timecontrol.send", task) : task();
}
